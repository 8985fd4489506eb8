"""What the page of the idea `social` asks for beyond the collection."""

import re
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from tests.applications import Application
from tests.repositories.repository import Repository
from tests.web import Answer

pytestmark = pytest.mark.idea("social")

API = "/api/v1"
PASSWORD = "a long way to the moon"  # noqa: S105
Statements = Callable[[], AbstractContextManager[list[str]]]


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and what their requests carry."""

    application: Application
    handle: str
    headers: dict[str, str]

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        return self.application.ask(method, API + path, body, self.headers)

    def do(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request that has to work, and return what it answers."""
        answer = self.ask(method, path, body)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.body!r}"
        return answer.json if answer.body else None

    def post(self, text: str, **fields: Any) -> str:
        """Post something and return its id."""
        made: str = self.do("POST", "/posts", {"text": text, **fields})["id"]
        return made

    def follow(self, other: "Person") -> None:
        if self.do("PUT", f"/profiles/{other.handle}/follow")["requested"]:
            other.do("PUT", f"/follow-requests/{self.handle}")

    def sees(self, paths: list[str], *words: str) -> set[str]:
        """Return the paths whose answers hold one of some words."""
        found = set()
        for path in paths:
            text = self.ask("GET", path).body.decode()
            if any(word in text for word in words):
                found.add(path)
        return found


def join(application: Application, name: str) -> Person:
    """Register somebody and log them in."""
    handle = f"{name}_{secrets.token_hex(4)}"
    account = {"email": f"{handle}@example.com", "password": PASSWORD}
    made = application.ask("POST", f"{API}/users", {**account, "handle": handle})
    assert made.status == 201, made.body
    session = application.ask("POST", f"{API}/sessions", account)
    return Person(application, handle, {"Authorization": f"Bearer {session.json['accessToken']}"})


class World:
    """People, and what they have done together before anything is hidden.

    Vera looks, Shade is looked at, Walter follows Shade, and the friend has shared Shade's words.
    """

    def __init__(self, application: Application, moderator: dict[str, str]) -> None:
        names = ("vera", "shade", "walter", "friend")
        self.vera, self.shade, self.walter, self.friend = (
            join(application, name) for name in names
        )
        # The demo account is a moderator.
        self.moderator = Person(application, "ada", moderator)
        self.tag = f"tag{secrets.token_hex(6)}"
        self.word = f"moonlight{secrets.token_hex(6)}"
        for person in (self.vera, self.walter, self.friend):
            person.follow(self.shade)
        self.shade.follow(self.vera)
        self.vera.follow(self.friend)
        self.friend.follow(self.vera)
        veras = self.vera.post("Of Vera")
        shades = self.shade.post(f"{self.word} #{self.tag} @{self.vera.handle}")
        reply = self.shade.post(f"{self.word}, I say", replyToId=veras)
        answer = self.friend.post("An answer", replyToId=shades)
        for person, post in (
            (self.vera, shades),
            (self.friend, shades),
            (self.shade, veras),
            (self.shade, answer),
        ):
            for what in ("like", "repost", "bookmark"):
                person.do("PUT", f"/posts/{post}/{what}")
        self.veras, self.answer, self.hidden = veras, answer, [shades, reply]

    def report(self, path: str, decision: str) -> None:
        report = self.moderator.do("POST", path, {"reason": "other"})
        self.moderator.do("PATCH", f"/moderation/reports/{report['id']}", {"decision": decision})

    def private(self) -> None:
        self.shade.do("PATCH", "/users/me", {"private": True})
        self.vera.do("DELETE", f"/profiles/{self.shade.handle}/follow")

    def blocking(self) -> None:
        self.vera.do("PUT", f"/profiles/{self.shade.handle}/block")

    def blocked(self) -> None:
        self.shade.do("PUT", f"/profiles/{self.vera.handle}/block")

    def suspended(self) -> None:
        self.report(f"/profiles/{self.shade.handle}/reports", "suspend_account")

    def post_hidden(self) -> None:
        for post in self.hidden:
            self.report(f"/posts/{post}/reports", "hide_post")


# Each with what is left of one reply, one repost and one like, for whom it is hidden from.
HIDING = {
    "private": (0, 1, 1),
    "blocking": (0, 0, 0),
    "blocked": (0, 0, 0),
    "suspended": (0, 0, 0),
    "post_hidden": (0, 1, 1),
}
# The profile itself stays.
PROFILE_STAYS = {"private", "post_hidden"}
# Only Vera sees less.
FOR_VERA_ONLY = {"private", "blocking", "blocked"}
# What is one's own shows nobody else; one's blocks and the export are there to show it.
OWN = {"/users/me", "/users/me/export", "/sessions", "/blocks"}
QUERIES = {"/profiles": ["?q={handle}"], "/posts/search": ["?q={word}"]}


@dataclass(frozen=True)
class Routes:
    """The operations of a repository's contract."""

    paths: dict[str, Any]

    def filled(self, method: str, world: World) -> list[str]:
        """Return every path with a method, filled in with everything of a world.

        What remains are ids of things that other tests are about: sessions, reports, files.
        """
        values = {
            "handle": [world.vera.handle, world.shade.handle, world.friend.handle],
            "postId": [world.veras, world.answer, *world.hidden],
            "tag": [world.tag],
        }
        found: list[str] = []
        for route, item in self.paths.items():
            path = route.removeprefix(API)
            operation = item.get(method.lower())
            known = set(re.findall(r"{(\w+)}", path)) <= values.keys()
            if not operation or operation.get("security") == [] or path in OWN or not known:
                continue
            those = [path]
            for name, each in values.items():
                those = [one.replace(f"{{{name}}}", value) for one in those for value in each]
            queries = QUERIES.get(path, ["", "?replies=true"] if path.endswith("/posts") else [""])
            queries = [
                query.format(handle=world.shade.handle, word=world.word) for query in queries
            ]
            found += [one + query for one in dict.fromkeys(those) for query in queries]
        return found


@pytest.fixture(scope="module")
def routes(repository: Repository) -> Routes:
    text = (repository.path / "docs/openapi.yaml").read_text("utf-8")
    return Routes(yaml.safe_load(text)["paths"])


@pytest.fixture
def world(application: Application, headers: dict[str, str]) -> World:
    return World(application, headers)


def counts(person: Person, post: str) -> tuple[int, int, int]:
    seen = person.do("GET", f"/posts/{post}")
    return seen["replyCount"], seen["repostCount"], seen["likeCount"]


class TestVisibility:
    """What hides something hides it on every route."""

    @pytest.mark.parametrize("hiding", HIDING)
    def test_what_is_hidden_is_hidden_on_every_route(
        self, world: World, routes: Routes, hiding: str
    ) -> None:
        paths = routes.filled("GET", world)
        assert len(paths) > 40
        public = [
            f"/hashtags/{world.tag}/posts",
            f"/posts/search?q={world.word}",
            f"/profiles/{world.shade.handle}/posts",
            f"/profiles/{world.friend.handle}/posts",
            f"/posts/{world.hidden[0]}",
            f"/posts/{world.veras}/replies",
        ]
        own = ["/timelines/home", "/notifications", "/bookmarks", f"/posts/{world.answer}"]
        words = [world.word, *world.hidden]
        # Otherwise it would prove nothing: every kind of list shows it as long as it may.
        assert world.vera.sees([*public, *own], *words) == {*public, *own}
        getattr(world, hiding)()
        if hiding not in PROFILE_STAYS:
            words.append(world.shade.handle)
        assert world.vera.sees(paths, *words) == set()
        assert counts(world.vera, world.veras) == HIDING[hiding]
        seen_by_walter = world.walter.sees(public, *words)
        assert seen_by_walter == (set(public) if hiding in FOR_VERA_ONLY else set())
        self.nothing_can_be_done(world, routes, hiding)

    def nothing_can_be_done(self, world: World, routes: Routes, hiding: str) -> None:
        """Fail unless what is hidden is 404 for whoever wants to do something to it."""
        marks = [*world.hidden] if hiding in PROFILE_STAYS else [*world.hidden, world.shade.handle]
        bodies = {"POST": {"reason": "spam"}, "PATCH": {"text": "Hello"}}
        for method in ("PUT", "POST", "PATCH", "DELETE"):
            for path in routes.filled(method, world):
                ends_own_block = hiding == "blocking" and path.endswith("/block")
                if "/moderation/" in path or ends_own_block:
                    continue
                if any(mark in path for mark in marks):
                    answer = world.vera.ask(method, path, bodies.get(method))
                    assert answer.status == 404, f"{method} {path}: {answer.status}"
        reply = {"text": "Hello", "replyToId": world.hidden[0]}
        assert world.vera.ask("POST", "/posts", reply).status == 404

    def test_a_mute_is_for_home_and_notifications_only(self, world: World, routes: Routes) -> None:
        paths = routes.filled("GET", world)
        before = world.vera.sees(paths, world.word)
        world.vera.do("PUT", f"/profiles/{world.shade.handle}/mute")
        after = world.vera.sees(paths, world.word)
        assert before - after == {"/timelines/home", "/notifications"}
        assert not world.vera.sees(["/timelines/home", "/notifications"], world.shade.handle)

    def test_without_a_token_nothing_is_answered(self, world: World, routes: Routes) -> None:
        nobody = Person(world.vera.application, "", {})
        for method in ("GET", "PUT", "DELETE"):
            for path in routes.filled(method, world):
                assert nobody.ask(method, path).status == 401, f"{method} {path}"


@contextmanager
def posting(*people: Person, text: str) -> Iterator[list[str]]:
    """Have people post until the block ends; the list has the ids of what they have posted."""
    done, posted = threading.Event(), []

    def post(person: Person) -> None:
        while not done.is_set():
            posted.append(person.post(text))

    threads = [threading.Thread(target=post, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    try:
        yield posted
    finally:
        done.set()
        for thread in threads:
            thread.join()


def walked(person: Person, path: str, limit: int) -> list[str]:
    """Return the ids of a list, page by page."""
    seen: list[str] = []
    cursor = None
    while True:
        query = f"?limit={limit}" + (f"&cursor={cursor}" if cursor else "")
        page = person.do("GET", path + query)
        assert len(page["items"]) <= limit
        seen += [item["id"] for item in page["items"]]
        cursor = page["nextCursor"]
        if cursor is None:
            return seen


class TestTimelines:
    """Pages while others go on posting."""

    def test_nothing_is_twice_or_missing_while_others_post(self, application: Application) -> None:
        reader, *writers = (join(application, name) for name in ("reader", "one", "two"))
        tag = f"tag{secrets.token_hex(6)}"
        for writer in writers:
            reader.follow(writer)
        expected = [writer.post(f"Before #{tag}") for _ in range(20) for writer in writers]
        lists = {
            "/timelines/home": expected,
            f"/hashtags/{tag}/posts": expected,
            f"/profiles/{writers[0].handle}/posts": expected[::2],
        }
        with posting(*writers, text=f"Meanwhile #{tag}") as posted:
            for path, those in lists.items():
                for limit in (3, 7):
                    seen = walked(reader, path, limit)
                    assert len(set(seen)) == len(seen)
                    assert [post for post in seen if post in those] == those[::-1]
        # What was posted meanwhile is there afterwards, and nothing else.
        assert set(walked(reader, "/timelines/home", 50)) == {*expected, *posted}

    @pytest.mark.databases("postgresql")
    def test_a_page_takes_as_many_queries_whatever_it_holds(
        self, application: Application, statements: Statements
    ) -> None:
        reader, writer = join(application, "reader"), join(application, "writer")
        reader.follow(writer)
        for number in range(30):
            post = writer.post(f"Post {number} #queries @{reader.handle}")
            reader.do("PUT", f"/posts/{post}/like")
        for path in (
            "/timelines/home",
            "/notifications",
            "/hashtags/queries/posts",
            f"/profiles/{writer.handle}/posts",
        ):
            # The first read may also fill a cache.
            reader.do("GET", path)
            with statements() as few:
                assert len(reader.do("GET", f"{path}?limit=2")["items"]) == 2
            with statements() as many:
                assert len(reader.do("GET", f"{path}?limit=25")["items"]) == 25
            assert len(few) == len(many) > 0, path


class TestSessions:
    """Tokens that were stolen, and logging out everywhere."""

    def test_an_old_refresh_token_ends_its_session(self, application: Application) -> None:
        person = join(application, "grace")
        account = {"email": f"{person.handle}@example.com", "password": PASSWORD}
        first = application.ask("POST", f"{API}/sessions", account).json["refreshToken"]

        def refresh(token: str) -> Answer:
            return application.ask("POST", f"{API}/sessions/refresh", {"refreshToken": token})

        second = refresh(first).json["refreshToken"]
        assert refresh(first).status == 401
        assert refresh(second).status == 401

    def test_logging_out_everywhere_counts_at_once(self, application: Application) -> None:
        person = join(application, "grace")
        person.do("DELETE", "/sessions")
        assert person.ask("GET", "/users/me").status == 401


def test_an_image_that_claims_to_be_one_is_refused(application: Application) -> None:
    person = join(application, "grace")
    headers = {**person.headers, "Content-Type": "image/png"}
    for body in (b"GIF89a", b"\x89PNG\r\n\x1a\n" + bytes(100), b"<svg/>"):
        assert application.ask("POST", f"{API}/media", body, headers).status == 422
