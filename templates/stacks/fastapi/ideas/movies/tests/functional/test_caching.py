"""What caches and clients may keep, and how they ask whether it is still right."""

from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from app.caching import PRIVATE, PUBLIC, http_date
from tests.errors import assert_error
from tests.people import API, create_movie, create_person


@pytest.fixture
async def urls(editor: httpx.AsyncClient) -> dict[str, str]:
    """The address of one of each that can be read, in a small catalogue."""
    movie, person = await create_movie(editor), await create_person(editor)
    url = f"{API}/movies/{movie['id']}"
    job = {"personId": person["id"], "job": "Director"}
    credit = await editor.post(f"{url}/crew", json=job)
    review = await editor.post(f"{url}/reviews", json={"rating": 9})
    return {
        "movie": url,
        "person": f"{API}/people/{person['id']}",
        "review": review.headers["location"],
        "genre": f"{API}/genres/drama",
        "credit": credit.headers["location"],
        "movies": f"{API}/movies",
        "people": f"{API}/people",
        "genres": f"{API}/genres",
        "reviews": f"{url}/reviews",
        "credits": f"{url}/credits",
        "filmography": f"{API}/people/{person['id']}/credits",
    }


WITH_DATES = ("movie", "person", "review", "genre")
CHANGEABLE = {"movie": {"year": 1931}, "person": {"name": "x"}, "review": {"rating": 1}}


async def test_a_shared_cache_may_keep_every_public_read(
    client: httpx.AsyncClient, urls: dict[str, str]
) -> None:
    for url in urls.values():
        response = await client.get(url)
        assert response.headers["cache-control"] == PUBLIC, url
        assert "Authorization" in response.headers["vary"], url
        assert not response.headers["etag"].startswith("W/"), url


async def test_no_shared_cache_answers_somebody_who_is_signed_in(
    viewer: httpx.AsyncClient, urls: dict[str, str]
) -> None:
    for url in urls.values():
        response = await viewer.get(url)
        assert response.headers["cache-control"] == PRIVATE, url
        assert "Authorization" in response.headers["vary"], url


async def test_what_was_just_created_is_not_sent_again(editor: httpx.AsyncClient) -> None:
    news: dict[str, dict[str, Any]] = {
        f"{API}/movies": {"title": "M", "year": 1931, "runtimeMinutes": 111, "genres": ["crime"]},
        f"{API}/people": {"name": "Fritz Lang"},
    }
    for url, new in news.items():
        created = await editor.post(url, json=new)
        headers = {"If-None-Match": created.headers["etag"]}
        read = await editor.get(created.headers["location"], headers=headers)
        assert read.status_code == 304, url


async def test_what_the_client_has_is_not_sent_again(
    client: httpx.AsyncClient, urls: dict[str, str]
) -> None:
    for url in urls.values():
        known = await client.get(url)
        for tag in ("{}", 'W/{}, "other"', "*"):
            headers = {"If-None-Match": tag.format(known.headers["etag"])}
            response = await client.get(url, headers=headers)
            assert (response.status_code, response.content) == (304, b""), url
            for name in ("etag", "cache-control", "vary"):
                assert response.headers[name] == known.headers[name], url


async def test_another_version_is_sent(client: httpx.AsyncClient, urls: dict[str, str]) -> None:
    for url in urls.values():
        response = await client.get(url, headers={"If-None-Match": '"another"'})
        assert response.status_code == 200, url


async def test_a_date_works_as_well_where_there_is_one(
    client: httpx.AsyncClient, urls: dict[str, str]
) -> None:
    for what, url in urls.items():
        date = (await client.get(url)).headers.get("last-modified")
        assert (date is not None) is (what in WITH_DATES), url
        if date is None:
            continue
        earlier = http_date(parsedate_to_datetime(date) - timedelta(seconds=1))
        for since, status in [(date, 304), (earlier, 200), ("yesterday", 200)]:
            response = await client.get(url, headers={"If-Modified-Since": since})
            assert response.status_code == status, url
        headers = {"If-Modified-Since": date, "If-None-Match": '"another"'}
        assert (await client.get(url, headers=headers)).status_code == 200, url


async def test_a_list_changes_with_what_is_in_it(
    client: httpx.AsyncClient, editor: httpx.AsyncClient, urls: dict[str, str]
) -> None:
    tags = {(await client.get(urls["movies"])).headers["etag"]}
    await editor.patch(urls["movie"], json={"title": "M"})
    tags.add((await client.get(urls["movies"])).headers["etag"])
    await editor.delete(urls["movie"])
    tags.add((await client.get(urls["movies"])).headers["etag"])
    assert len(tags) == 3


@pytest.mark.parametrize(("what", "change"), CHANGEABLE.items())
class TestIfMatch:
    async def test_the_version_that_was_seen_can_be_changed(
        self, editor: httpx.AsyncClient, urls: dict[str, str], what: str, change: dict[str, object]
    ) -> None:
        etag = (await editor.get(urls[what])).headers["etag"]
        changed = await editor.patch(urls[what], json=change, headers={"If-Match": etag})
        assert changed.status_code == 200
        assert changed.headers["etag"] != etag
        assert changed.headers["etag"] == (await editor.get(urls[what])).headers["etag"]

    async def test_a_stale_version_changes_nothing(
        self, editor: httpx.AsyncClient, urls: dict[str, str], what: str, change: dict[str, object]
    ) -> None:
        etag = (await editor.get(urls[what])).headers["etag"]
        now = (await editor.patch(urls[what], json=change)).json()
        for tag in (etag, f"W/{etag}", '"other"', ""):
            headers = {"If-Match": tag}
            assert_error(await editor.patch(urls[what], json={}, headers=headers), 412)
            assert_error(await editor.delete(urls[what], headers=headers), 412)
        assert (await editor.get(urls[what])).json() == now

    async def test_any_version_can_be_changed_on_purpose(
        self, editor: httpx.AsyncClient, urls: dict[str, str], what: str, change: dict[str, object]
    ) -> None:
        headers = {"If-Match": "*"}
        assert (await editor.patch(urls[what], json=change, headers=headers)).status_code == 200


async def test_a_genre_that_was_renamed_meanwhile_is_not_renamed(
    editor: httpx.AsyncClient, urls: dict[str, str]
) -> None:
    etag = (await editor.get(urls["genre"])).headers["etag"]
    await editor.put(urls["genre"], json={"name": "Tragedy"})
    headers = {"If-Match": etag}
    assert_error(await editor.put(urls["genre"], json={"name": "x"}, headers=headers), 412)
    assert_error(await editor.delete(urls["genre"], headers=headers), 412)
    assert (await editor.get(urls["genre"])).json()["name"] == "Tragedy"


async def test_a_review_makes_a_new_version_of_its_movie(
    editor: httpx.AsyncClient, viewer: httpx.AsyncClient, urls: dict[str, str]
) -> None:
    etag = (await editor.get(urls["movie"])).headers["etag"]
    await viewer.post(urls["reviews"], json={"rating": 1})
    headers = {"If-Match": etag}
    assert_error(await editor.patch(urls["movie"], json={}, headers=headers), 412)


@pytest.mark.parametrize("path", ["/nowhere", f"{API}/movies?sort=x", f"{API}/movies/1"])
async def test_no_cache_keeps_an_error(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).headers["cache-control"] == "no-store"
