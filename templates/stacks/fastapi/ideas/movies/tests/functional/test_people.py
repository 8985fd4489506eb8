"""People, credits and genres."""

import httpx
import pytest

from tests.errors import assert_error, invalid_names
from tests.people import API, NOTHING, create_movie, create_person


class TestPeople:
    async def test_a_person_is_created_changed_and_deleted(self, editor: httpx.AsyncClient) -> None:
        person = await create_person(editor)
        url = f"{API}/people/{person['id']}"
        assert (person["birthDate"], person["biography"]) == (None, "")
        change = {"birthDate": "1890-12-05", "biography": "A director."}
        changed = (await editor.patch(url, json=change)).json()
        assert changed == {**person, **change, "updatedAt": changed["updatedAt"]}
        assert (await editor.get(url)).json() == changed
        assert (await editor.delete(url)).status_code == 204
        assert_error(await editor.get(url), 404)

    @pytest.mark.parametrize(
        ("field", "value"),
        [("name", ""), ("name", "x" * 201), ("birthDate", "1890"), ("biography", "x" * 5001)],
    )
    async def test_an_invalid_field_is_named(
        self, editor: httpx.AsyncClient, field: str, value: str
    ) -> None:
        response = await editor.post(f"{API}/people", json={"name": "x", field: value})
        assert invalid_names(response) == [field]

    async def test_people_are_found_by_name_and_listed_by_it(
        self, editor: httpx.AsyncClient
    ) -> None:
        for name in ["zoe Zed", "Émile Zed", "Fritz Lang"]:
            await create_person(editor, name)
        page = (await editor.get(f"{API}/people", params={"q": "ZED"})).json()
        assert [person["name"] for person in page["items"]] == ["Émile Zed", "zoe Zed"]
        assert page["total"] == 2

    async def test_who_has_credits_cannot_be_deleted(self, editor: httpx.AsyncClient) -> None:
        movie, person = await create_movie(editor), await create_person(editor)
        job = {"personId": person["id"], "job": "Director"}
        credit = await editor.post(f"{API}/movies/{movie['id']}/crew", json=job)
        url = f"{API}/people/{person['id']}"
        assert_error(await editor.delete(url), 409)
        await editor.delete(credit.headers["location"])
        assert (await editor.delete(url)).status_code == 204


class TestCredits:
    async def test_the_cast_comes_in_its_order_and_then_the_crew(
        self, editor: httpx.AsyncClient
    ) -> None:
        movie, person = await create_movie(editor), await create_person(editor)
        url = f"{API}/movies/{movie['id']}"
        who = {"personId": person["id"]}
        await editor.post(f"{url}/crew", json={**who, "job": "Writer"})
        await editor.post(f"{url}/crew", json={**who, "job": "Director"})
        await editor.post(f"{url}/cast", json={**who, "character": "Freder", "order": 2})
        first = await editor.post(f"{url}/cast", json={**who, "character": "Maria", "order": 1})
        credit = first.json()
        assert first.headers["location"] == f"http://test{API}/credits/{credit['id']}"
        assert credit == {
            "id": credit["id"],
            "kind": "cast",
            "movie": {"id": movie["id"], "title": "Metropolis", "year": 1927},
            "person": {"id": person["id"], "name": "Fritz Lang"},
            "character": "Maria",
            "order": 1,
            "job": None,
        }
        assert (await editor.get(first.headers["location"])).json() == credit
        page = (await editor.get(f"{url}/credits")).json()
        found = [each["character"] or each["job"] for each in page["items"]]
        assert (found, page["total"]) == (["Maria", "Freder", "Director", "Writer"], 4)

    async def test_a_filmography_begins_with_the_newest(self, editor: httpx.AsyncClient) -> None:
        person = await create_person(editor)
        for year in (1927, 1931, 1922):
            movie = await create_movie(editor, year=year)
            job = {"personId": person["id"], "job": "Director"}
            await editor.post(f"{API}/movies/{movie['id']}/crew", json=job)
        page = (await editor.get(f"{API}/people/{person['id']}/credits")).json()
        assert [each["movie"]["year"] for each in page["items"]] == [1931, 1927, 1922]

    async def test_the_person_must_exist(self, editor: httpx.AsyncClient) -> None:
        movie = await create_movie(editor)
        job = {"personId": NOTHING, "job": "Director"}
        response = await editor.post(f"{API}/movies/{movie['id']}/crew", json=job)
        assert_error(response, 409, "There is no person with this id.")

    @pytest.mark.parametrize(
        ("field", "value"),
        [("personId", "1"), ("character", " "), ("order", 0), ("order", 10_001), ("job", "x")],
    )
    async def test_an_invalid_field_is_named(
        self, editor: httpx.AsyncClient, field: str, value: object
    ) -> None:
        movie = await create_movie(editor)
        new = {"personId": NOTHING, "character": "Maria", "order": 1, field: value}
        response = await editor.post(f"{API}/movies/{movie['id']}/cast", json=new)
        assert invalid_names(response) == [field]

    async def test_an_unknown_credit_is_404(self, editor: httpx.AsyncClient) -> None:
        url = f"{API}/credits/{NOTHING}"
        assert_error(await editor.get(url), 404)
        assert_error(await editor.delete(url), 404)

    @pytest.mark.parametrize("person_id", [NOTHING, "1"])
    async def test_an_unknown_person_is_404(
        self, editor: httpx.AsyncClient, person_id: str
    ) -> None:
        url = f"{API}/people/{person_id}"
        for response in [
            await editor.get(url),
            await editor.get(f"{url}/credits"),
            await editor.patch(url, json={}),
            await editor.delete(url),
        ]:
            assert_error(response, 404)


class TestGenres:
    URL = f"{API}/genres/film-noir"

    async def test_a_genre_is_created_renamed_and_deleted(self, editor: httpx.AsyncClient) -> None:
        created = await editor.put(self.URL, json={"name": "Noir"})
        assert (created.status_code, created.json()) == (201, {"slug": "film-noir", "name": "Noir"})
        assert created.headers["location"] == f"http://test{self.URL}"
        renamed = await editor.put(self.URL, json={"name": "Film Noir"})
        assert (renamed.status_code, renamed.json()["name"]) == (200, "Film Noir")
        assert (await editor.get(self.URL)).json() == renamed.json()
        assert (await editor.delete(self.URL)).status_code == 204
        assert_error(await editor.get(self.URL), 404)
        assert_error(await editor.delete(self.URL), 404)

    async def test_genres_are_listed_by_name(self, editor: httpx.AsyncClient) -> None:
        page = (await editor.get(f"{API}/genres")).json()
        assert [genre["name"] for genre in page["items"]] == ["Comedy", "Crime", "Drama"]

    async def test_a_genre_that_movies_have_stays(self, editor: httpx.AsyncClient) -> None:
        await create_movie(editor, genres=["drama"])
        assert_error(await editor.delete(f"{API}/genres/drama"), 409)

    @pytest.mark.parametrize("slug", ["Film-Noir", "1", "x" * 41])
    async def test_what_cannot_be_a_slug_is_404(self, editor: httpx.AsyncClient, slug: str) -> None:
        url = f"{API}/genres/{slug}"
        assert_error(await editor.get(url), 404)
        assert_error(await editor.put(url, json={"name": "x"}), 404)

    async def test_with_if_match_nothing_is_created(self, editor: httpx.AsyncClient) -> None:
        headers = {"If-Match": "*"}
        assert_error(await editor.put(self.URL, json={"name": "x"}, headers=headers), 412)
        assert_error(await editor.get(self.URL), 404)
