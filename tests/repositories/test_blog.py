"""What the page of the idea `blog` asks for beyond the collection."""

import re
import secrets
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest

from tests.applications import Application
from tests.web import Answer, ask

pytestmark = pytest.mark.idea("blog")

PASSWORD = "a long sentence is a good password"  # noqa: S105 - of nobody
AT_ONCE = 20


@dataclass(frozen=True)
class Person:
    """Somebody who is logged in."""

    api: str
    username: str
    email: str
    token: str

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        """Send a request as this person."""
        headers = {"Authorization": f"Token {self.token}"}
        return ask(method, self.api + path, body, headers)

    def publish(self, title: str, **fields: Any) -> dict[str, Any]:
        """Publish an article."""
        article = {"title": title, "description": "About it", "body": "Text", **fields}
        answer = self.ask("POST", "/articles", {"article": article})
        assert answer.status == 201, answer.body
        published: dict[str, Any] = answer.json["article"]
        return published


def new_user(username: str, **fields: str) -> dict[str, Any]:
    """Return the body of a registration."""
    user = {"username": username, "email": f"{username}@example.com", "password": PASSWORD}
    return {"user": user | fields}


def register(address: str) -> Person:
    """Register somebody with a name of their own."""
    name = f"user{secrets.token_hex(8)}"
    answer = ask("POST", f"{address}/api/users", new_user(name))
    assert answer.status == 201, answer.body
    user = answer.json["user"]
    return Person(f"{address}/api", name, user["email"], user["token"])


def log_in(address: str, email: str, password: str = PASSWORD) -> Answer:
    """Log somebody in."""
    body = {"user": {"email": email, "password": password}}
    return ask("POST", f"{address}/api/users/login", body)


@pytest.fixture
def person(address: str) -> Person:
    """Somebody new."""
    return register(address)


@pytest.fixture
def author(address: str) -> Person:
    """Somebody else."""
    return register(address)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Many clients."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield pool


def test_of_many_who_register_one_name_one_succeeds(address: str, pool: ThreadPoolExecutor) -> None:
    name = f"race{secrets.token_hex(8)}"
    users = f"{address}/api/users"
    bodies = [new_user(name, email=f"{name}-{number}@example.com") for number in range(AT_ONCE)]
    answers = list(pool.map(lambda body: ask("POST", users, body), bodies))
    assert Counter(answer.status for answer in answers) == {201: 1, 409: AT_ONCE - 1}
    refused = [answer.json["errors"] for answer in answers if answer.status == 409]
    assert refused == [{"username": ["has already been taken"]}] * (AT_ONCE - 1)


def test_of_many_who_register_one_address_one_succeeds(
    address: str, pool: ThreadPoolExecutor
) -> None:
    name = f"race{secrets.token_hex(8)}"
    users = f"{address}/api/users"
    bodies = [
        new_user(f"{name}-{number}", email=f"{name}@Example.com") for number in range(AT_ONCE)
    ]
    statuses = Counter(
        answer.status for answer in pool.map(lambda b: ask("POST", users, b), bodies)
    )
    assert statuses == {201: 1, 409: AT_ONCE - 1}


def test_marking_many_times_at_once_is_marking_once(
    address: str, person: Person, author: Person, pool: ThreadPoolExecutor
) -> None:
    for number in range(5):
        slug = author.publish(f"Marked {number}")["slug"]
        marks = [person, author] * (AT_ONCE // 2)
        answers = pool.map(
            lambda who, slug=slug: who.ask("POST", f"/articles/{slug}/favorite"), marks
        )
        assert {answer.status for answer in answers} == {200}
        article = ask("GET", f"{address}/api/articles/{slug}").json["article"]
        assert article["favoritesCount"] == 2


def test_following_many_times_at_once_is_following_once(
    person: Person, author: Person, pool: ThreadPoolExecutor
) -> None:
    path = f"/profiles/{author.username}/follow"
    answers = pool.map(lambda _: person.ask("POST", path), range(AT_ONCE))
    assert {answer.status for answer in answers} == {200}
    slug = author.publish("Followed")["slug"]
    feed = person.ask("GET", "/articles/feed").json
    assert ([article["slug"] for article in feed["articles"]], feed["articlesCount"]) == ([slug], 1)
    assert person.ask("DELETE", path).json["profile"]["following"] is False
    assert person.ask("GET", "/articles/feed").json["articlesCount"] == 0


def test_one_title_at_the_same_time_gets_many_slugs(
    author: Person, pool: ThreadPoolExecutor
) -> None:
    title = f"Same {secrets.token_hex(8)}"
    articles = list(pool.map(lambda _: author.publish(title), range(AT_ONCE)))
    slugs = {article["slug"] for article in articles}
    assert len(slugs) == AT_ONCE
    assert all(slug.startswith(title.lower().replace(" ", "-")) for slug in slugs)


def test_articles_renamed_alike_at_the_same_time_get_many_slugs(
    author: Person, pool: ThreadPoolExecutor
) -> None:
    title = f"Same {secrets.token_hex(8)}"
    old = [author.publish(f"{title} {number}")["slug"] for number in range(AT_ONCE)]
    change = {"article": {"title": title}}
    answers = pool.map(lambda slug: author.ask("PUT", f"/articles/{slug}", change), old)
    slugs = {answer.json["article"]["slug"] for answer in answers}
    assert len(slugs) == AT_ONCE


TITLES = [
    *("牛乳を買う", "اقرأ عشر صفحات", "Привет", "🥛🥛🥛", "?!", "…", "\u0301"),
    *("feed", "FEED!", "x" * 200, "a" + "-" * 199),
]


@pytest.mark.parametrize("title", TITLES)
def test_every_title_has_a_slug_that_works(address: str, author: Person, title: str) -> None:
    for _ in range(2):
        article = author.publish(title)
        slug = article["slug"]
        assert slug == quote(slug, safe="")
        found = ask("GET", f"{address}/api/articles/{slug}").json["article"]
        assert (found["title"], found["slug"]) == (title, slug)


def test_changes_to_different_fields_lose_nothing(
    address: str, author: Person, pool: ThreadPoolExecutor
) -> None:
    for number in range(10):
        slug = author.publish(f"Before {number}", tagList=["before"])["slug"]
        changes = [{"description": "after"}, {"body": "after"}, {"tagList": ["after", "both"]}]
        answers = pool.map(
            lambda change, slug=slug: author.ask("PUT", f"/articles/{slug}", {"article": change}),
            changes,
        )
        assert [answer.status for answer in answers] == [200] * 3
        found = ask("GET", f"{address}/api/articles/{slug}").json["article"]
        assert (found["description"], found["body"]) == ("after", "after")
        assert found["tagList"] == ["after", "both"]


def test_an_article_that_is_deleted_while_others_use_it_fails_nobody(
    author: Person, person: Person, pool: ThreadPoolExecutor
) -> None:
    for number in range(10):
        url = f"/articles/{author.publish(f'Gone {number}')['slug']}"
        requests = [
            (person, "POST", f"{url}/comments", {"comment": {"body": "Text"}}),
            (person, "POST", f"{url}/favorite", None),
            (author, "DELETE", url, None),
            (author, "DELETE", url, None),
            (author, "PUT", url, {"article": {"tagList": ["tag"]}}),
            (person, "GET", url, None),
        ] * 2
        answers = list(pool.map(lambda r: r[0].ask(*r[1:]), requests))
        statuses = Counter(answer.status for answer in answers)
        assert statuses.keys() <= {200, 201, 204, 404}
        assert statuses[204] == 1


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize("path", ["/api/articles", "/api/articles/feed"])
def test_a_list_of_twenty_takes_the_queries_of_a_list_of_two(
    application: Application, headers: dict[str, str], statements: Any, path: str
) -> None:
    for number in range(4):
        author = register(application.address)
        follow = f"/api/profiles/{author.username}/follow"
        assert application.ask("POST", follow, headers=headers).status == 200
        for title in range(6):
            article = author.publish(f"Counted {number} {title}", tagList=["a", f"tag{title}"])
            favorite = f"/api/articles/{article['slug']}/favorite"
            assert application.ask("POST", favorite, headers=headers).status == 200
    numbers = []
    for limit in (2, 20):
        with statements() as sent:
            answer = application.ask("GET", f"{path}?limit={limit}", headers=headers)
        assert len(answer.json["articles"]) == limit
        numbers.append(len(sent))
    assert numbers[0] == numbers[1] <= 6


def test_a_new_password_ends_every_session(address: str, person: Person) -> None:
    other = log_in(address, person.email).json["user"]["token"]
    change = {"user": {"password": "another long sentence"}}
    new = person.ask("PUT", "/user", change).json["user"]["token"]
    for token, status in [(person.token, 401), (other, 401), (new, 200)]:
        headers = {"Authorization": f"Token {token}"}
        assert ask("GET", f"{address}/api/user", headers=headers).status == status
    assert log_in(address, person.email).status == 401
    assert log_in(address, person.email, "another long sentence").status == 200


def test_guesses_at_the_same_time_are_limited(
    address: str, person: Person, author: Person, pool: ThreadPoolExecutor
) -> None:
    guesses = pool.map(lambda _: log_in(address, person.email, "a wrong password"), range(30))
    assert Counter(answer.status for answer in guesses) == {401: 10, 429: 20}
    refused = log_in(address, person.email.upper())
    assert refused.status == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60
    assert log_in(address, author.email).status == 200


@pytest.mark.databases("postgresql")
def test_two_processes_count_failed_logins_together(start: Any) -> None:
    first = start("postgresql")
    second = start("postgresql", beside=first)
    person = register(first.address)
    for number in range(10):
        address = (first, second)[number % 2].address
        assert log_in(address, person.email, "a wrong password").status == 401
    assert {log_in(each.address, person.email).status for each in (first, second)} == {429}


@pytest.mark.databases("postgresql")
def test_logins_work_and_are_limited_while_redis_is_gone(start: Any, services: Any) -> None:
    application = start("postgresql")
    person = register(application.address)
    services.redis.stop()
    try:
        assert log_in(application.address, person.email).status == 200
        answers = [log_in(application.address, person.email, "wrong one") for _ in range(11)]
        assert answers[-1].status == 429
    finally:
        services.redis.start()


def test_a_front_end_of_another_origin_may_use_everything(address: str) -> None:
    asked = {
        "Origin": "https://front-end.example",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    answer = ask("OPTIONS", f"{address}/api/user", headers=asked)
    assert answer.headers["Access-Control-Allow-Origin"] in {"*", asked["Origin"]}
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"].lower()
    refused = ask("GET", f"{address}/api/user", headers={"Origin": "https://front-end.example"})
    assert (refused.status, refused.headers["Access-Control-Allow-Origin"]) == (401, "*")


def test_what_a_front_end_loads_it_can_send_back(author: Person) -> None:
    article = author.publish("Loaded", tagList=["b", "a"])
    url = f"/articles/{article['slug']}"
    changed = author.ask("PUT", url, {"article": article}).json["article"]
    assert changed == article | {"updatedAt": changed["updatedAt"]}
    user = author.ask("GET", "/user").json
    assert author.ask("PUT", "/user", user).json == user


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    '[x](https://example.com/ "a" onclick="alert(1)")',
    "<iframe src=https://evil.example></iframe>",
    "| <style>*{display:none}</style> |\n| --- |\n| <form> |",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_in_an_article_runs_in_a_browser(address: str, author: Person, attack: str) -> None:
    article = author.publish("Attack", body=attack)
    assert article["body"] == attack
    answer = ask("GET", f"{address}/api/articles/{article['slug']}/html")
    assert answer.headers["Content-Type"].lower().replace(" ", "") == "text/html;charset=utf-8"
    html = answer.body.decode().lower()
    for tag in ("script", "svg", "iframe", "style", "form", "img src=x"):
        assert f"<{tag}" not in html
    for start in ('href="javascript', 'src="data', 'src="javascript'):
        assert start not in html
    assert not re.search(r"<[^>]*\son[a-z]+=", html)
