"""The movies of the catalogue."""

from typing import Any

import httpx
import pytest

from app.clock import now
from tests.errors import assert_error, invalid_names
from tests.people import API, NOTHING, create_movie, create_person

MOVIES = f"{API}/movies"


async def titles(client: httpx.AsyncClient, **params: Any) -> list[str]:
    response = await client.get(MOVIES, params=params)
    assert response.status_code == 200, response.text
    return [movie["title"] for movie in response.json()["items"]]


class TestCreate:
    async def test_what_is_needed_is_enough(self, editor: httpx.AsyncClient) -> None:
        new = {"title": " M\n", "year": 1931, "runtimeMinutes": 117.0, "genres": ["drama", "crime"]}
        response = await editor.post(MOVIES, json=new)
        assert response.status_code == 201
        movie = response.json()
        assert response.headers["location"] == f"http://test{MOVIES}/{movie['id']}"
        given = {name: movie[name] for name in new}
        assert given == {**new, "title": "M", "genres": ["crime", "drama"]}
        assert (movie["rating"], movie["reviewCount"], movie["overview"]) == (None, 0, "")
        assert (await editor.get(f"{MOVIES}/{movie['id']}")).json() == movie

    async def test_every_field_can_be_given(self, editor: httpx.AsyncClient) -> None:
        fields = {
            "title": "Seven Samurai",
            "originalTitle": "七人の侍",
            "year": 1954,
            "runtimeMinutes": 207,
            "genres": ["drama"],
            "overview": "A village hires\nseven warriors.",
            "language": "ja",
            "releaseDate": "1954-04-26",
        }
        movie = await create_movie(editor, **fields)
        assert {name: movie[name] for name in fields} == fields

    async def test_a_genre_must_exist(self, editor: httpx.AsyncClient) -> None:
        new = {"title": "M", "year": 1931, "runtimeMinutes": 117, "genres": ["drama", "opera"]}
        response = await editor.post(MOVIES, json=new)
        assert_error(response, 409, "There is no genre 'opera'.")
        assert await titles(editor) == []

    @pytest.mark.parametrize(
        "title",
        ["<script>alert(1)</script>", "'; DROP TABLE movies; --", "{{ 7*7 }}", 'a\\b"c%d_e'],
    )
    async def test_markup_and_sql_are_only_text(
        self, editor: httpx.AsyncClient, title: str
    ) -> None:
        movie = await create_movie(editor, title=title, overview=title)
        assert (movie["title"], movie["overview"]) == (title, title)
        assert await titles(editor, q=title) == [title]


INVALID_FIELDS = [
    ("title", None),
    ("title", " \t"),
    ("title", "x" * 201),
    ("title", "a\0b"),
    ("title", 1),
    ("originalTitle", ""),
    ("year", None),
    ("year", 1887),
    ("year", "1927"),
    ("year", 1927.5),
    ("runtimeMinutes", 0),
    ("runtimeMinutes", 100_001),
    ("runtimeMinutes", True),
    ("genres", []),
    ("genres", ["drama", "drama"]),
    ("genres", ["a", "b", "c", "d", "e", "f"]),
    ("genres", "drama"),
    ("overview", "x" * 5001),
    ("overview", None),
    ("language", "German"),
    ("language", "DE"),
    ("releaseDate", "1927-02-30"),
    ("releaseDate", "1927-01-10T00:00:00Z"),
    ("releaseDate", 0),
    ("rating", 10),
    ("reviewCount", 1),
    ("id", NOTHING),
]


async def test_an_invalid_field_is_named(editor: httpx.AsyncClient) -> None:
    movie = await create_movie(editor)
    new = {"title": "M", "year": 1931, "runtimeMinutes": 117, "genres": ["drama"]}
    for field, value in INVALID_FIELDS:
        for response in [
            await editor.post(MOVIES, json={**new, field: value}),
            await editor.patch(f"{MOVIES}/{movie['id']}", json={field: value}),
        ]:
            assert_error(response, 422)
            assert invalid_names(response) == [field], value
    assert (await editor.get(MOVIES)).json()["items"] == [movie]


@pytest.mark.parametrize("genre", ["Drama", "1drama", "film noir", "x" * 41])
async def test_an_invalid_genre_is_named_by_its_place(
    editor: httpx.AsyncClient, genre: str
) -> None:
    new = {"title": "M", "year": 1931, "runtimeMinutes": 117, "genres": ["drama", genre]}
    response = await editor.post(MOVIES, json=new)
    assert invalid_names(response) == ["genres/1"]


@pytest.mark.parametrize(("years_ahead", "status"), [(1, 200), (2, 422)])
async def test_a_movie_may_be_of_next_year_and_not_of_the_one_after(
    editor: httpx.AsyncClient, years_ahead: int, status: int
) -> None:
    movie = await create_movie(editor)
    change = {"year": now().year + years_ahead}
    response = await editor.patch(f"{MOVIES}/{movie['id']}", json=change)
    assert response.status_code == status


class TestChange:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", "M"),
            ("originalTitle", "M – Eine Stadt sucht einen Mörder"),
            ("year", 1931),
            ("runtimeMinutes", 117),
            ("genres", ["comedy", "crime"]),
            ("overview", "Another one."),
            ("language", "de"),
            ("releaseDate", "1931-05-11"),
        ],
    )
    async def test_only_the_given_field_changes(
        self, editor: httpx.AsyncClient, field: str, value: object
    ) -> None:
        movie = await create_movie(editor)
        url = f"{MOVIES}/{movie['id']}"
        changed = (await editor.patch(url, json={field: value})).json()
        assert changed == {**movie, field: value, "updatedAt": changed["updatedAt"]}
        assert changed["updatedAt"] > movie["updatedAt"]
        assert (await editor.get(url)).json() == changed

    async def test_null_takes_away_what_may_be_missing(self, editor: httpx.AsyncClient) -> None:
        fields = {"originalTitle": "x", "language": "de", "releaseDate": "1927-01-10"}
        movie = await create_movie(editor, **fields)
        nothing = dict.fromkeys(fields)
        changed = (await editor.patch(f"{MOVIES}/{movie['id']}", json=nothing)).json()
        assert {name: changed[name] for name in fields} == nothing

    async def test_an_empty_object_changes_nothing(self, editor: httpx.AsyncClient) -> None:
        movie = await create_movie(editor)
        response = await editor.patch(f"{MOVIES}/{movie['id']}", json={})
        assert (response.status_code, response.json()) == (200, movie)

    async def test_a_genre_must_exist(self, editor: httpx.AsyncClient) -> None:
        movie = await create_movie(editor)
        url = f"{MOVIES}/{movie['id']}"
        assert_error(await editor.patch(url, json={"genres": ["opera"], "title": "x"}), 409)
        assert (await editor.get(url)).json() == movie

    async def test_a_new_text_is_found_and_the_old_one_is_not(
        self, editor: httpx.AsyncClient
    ) -> None:
        movie = await create_movie(editor, title="Old", overview="About trains.")
        await editor.patch(f"{MOVIES}/{movie['id']}", json={"title": "New"})
        assert await titles(editor, q="new trains") == ["New"]
        assert await titles(editor, q="old") == []


async def test_a_deleted_movie_takes_what_belongs_to_it_along(
    editor: httpx.AsyncClient, viewer: httpx.AsyncClient
) -> None:
    movie, person = await create_movie(editor), await create_person(editor)
    url = f"{MOVIES}/{movie['id']}"
    review = await viewer.post(f"{url}/reviews", json={"rating": 5})
    credit = await editor.post(f"{url}/crew", json={"personId": person["id"], "job": "Director"})
    await viewer.put(f"{API}/watchlist/{movie['id']}")
    assert (await editor.delete(url)).status_code == 204
    for gone in [url, review.headers["location"], credit.headers["location"]]:
        assert_error(await editor.get(gone), 404)
    assert (await viewer.get(f"{API}/watchlist")).json()["total"] == 0
    assert (await editor.delete(f"{API}/people/{person['id']}")).status_code == 204


@pytest.mark.parametrize("movie_id", [NOTHING, "1", "not-a-uuid", "%00"])
async def test_an_unknown_id_is_404(editor: httpx.AsyncClient, movie_id: str) -> None:
    url = f"{MOVIES}/{movie_id}"
    person = {"personId": NOTHING}
    for response in [
        await editor.get(url),
        await editor.patch(url, json={"title": "x"}),
        await editor.delete(url),
        await editor.get(f"{url}/credits"),
        await editor.get(f"{url}/reviews"),
        await editor.post(f"{url}/reviews", json={"rating": 1}),
        await editor.post(f"{url}/cast", json={**person, "character": "x", "order": 1}),
        await editor.post(f"{url}/crew", json={**person, "job": "x"}),
        await editor.put(f"{API}/watchlist/{movie_id}"),
        await editor.delete(f"{API}/watchlist/{movie_id}"),
    ]:
        assert_error(response, 404)


class TestList:
    @pytest.fixture
    async def films(self, editor: httpx.AsyncClient) -> httpx.AsyncClient:
        for title, year, minutes, genres in [
            ("Alphaville", 1965, 99, ["drama", "crime"]),
            ("Élan", 1990, 45, ["comedy"]),
            ("zero", 1927, 153, ["drama", "comedy"]),
            ("Echo", 1965, 120, ["crime", "comedy", "drama"]),
        ]:
            await create_movie(
                editor, title=title, year=year, runtimeMinutes=minutes, genres=genres
            )
        return editor

    async def test_the_order(self, films: httpx.AsyncClient) -> None:
        for sort, expected in [
            ("title", ["Alphaville", "Echo", "Élan", "zero"]),
            ("runtimeMinutes", ["Élan", "Alphaville", "Echo", "zero"]),
        ]:
            assert await titles(films, sort=sort) == expected
            assert await titles(films, sort=f"-{sort}") == expected[::-1]

    async def test_the_years_go_both_ways(self, films: httpx.AsyncClient) -> None:
        forward = await titles(films, sort="year")
        assert (forward[0], forward[-1]) == ("zero", "Élan")
        assert await titles(films, sort="-year") == forward[::-1]

    async def test_reviews_make_a_movie_popular_and_rated(
        self, films: httpx.AsyncClient, viewer: httpx.AsyncClient
    ) -> None:
        by_title = {m["title"]: m["id"] for m in (await films.get(MOVIES)).json()["items"]}
        for client, title, rating in [
            (films, "Echo", 3),
            (viewer, "Echo", 4),
            (viewer, "zero", 9),
        ]:
            path = f"{MOVIES}/{by_title[title]}/reviews"
            await client.post(path, json={"rating": rating})
        assert (await titles(films))[:2] == ["Echo", "zero"]
        assert (await titles(films, sort="-rating"))[:2] == ["zero", "Echo"]
        assert (await titles(films, sort="rating"))[-2:] == ["Echo", "zero"]
        assert await titles(films, minRating="3.6") == ["zero"]
        assert await titles(films, minRating="3.5", sort="title") == ["Echo", "zero"]

    async def test_several_genres_combine_with_and(self, films: httpx.AsyncClient) -> None:
        for genres, expected in [
            (["drama"], ["Alphaville", "Echo", "zero"]),
            (["drama", "crime"], ["Alphaville", "Echo"]),
            (["drama", "crime", "comedy"], ["Echo"]),
            (["opera"], []),
            (["drama", "opera"], []),
        ]:
            assert await titles(films, genre=genres, sort="title") == expected, genres

    async def test_filters_combine(self, films: httpx.AsyncClient) -> None:
        assert await titles(films, yearFrom=1965, yearTo=1965, sort="title") == [
            "Alphaville",
            "Echo",
        ]
        assert await titles(films, yearFrom=1965, genre="comedy", sort="title") == ["Echo", "Élan"]
        assert await titles(films, yearFrom=1991) == []

    async def test_a_person_is_found_before_and_behind_the_camera(
        self, films: httpx.AsyncClient
    ) -> None:
        person = await create_person(films)
        by_title = {m["title"]: m["id"] for m in (await films.get(MOVIES)).json()["items"]}
        cast = {"personId": person["id"], "character": "Self", "order": 1}
        await films.post(f"{MOVIES}/{by_title['Echo']}/cast", json=cast)
        crew = {"personId": person["id"], "job": "Director"}
        await films.post(f"{MOVIES}/{by_title['Echo']}/crew", json=crew)
        await films.post(f"{MOVIES}/{by_title['zero']}/crew", json=crew)
        assert await titles(films, person=person["id"], sort="title") == ["Echo", "zero"]
        assert await titles(films, person=NOTHING) == []

    async def test_pages_show_every_movie_once(self, films: httpx.AsyncClient) -> None:
        # All four have the same number of reviews.
        pages = [
            (await films.get(MOVIES, params={"page": page, "pageSize": 3})).json()
            for page in (1, 2, 3)
        ]
        assert [page["total"] for page in pages] == [4, 4, 4]
        assert [len(page["items"]) for page in pages] == [3, 1, 0]
        found = [movie["title"] for page in pages for movie in page["items"]]
        assert sorted(found) == ["Alphaville", "Echo", "zero", "Élan"]

    async def test_only_the_wanted_fields(self, films: httpx.AsyncClient) -> None:
        params = {"fields": "title,year", "sort": "title", "pageSize": "1"}
        (movie,) = (await films.get(MOVIES, params=params)).json()["items"]
        assert movie == {"id": movie["id"], "title": "Alphaville", "year": 1965}
        (movie,) = (await films.get(MOVIES, params={**params, "fields": "rating"})).json()["items"]
        assert movie == {"id": movie["id"], "rating": None}

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("q", "x" * 201),
            ("q", "\0"),
            ("genre", "Drama"),
            ("genre", ["a", "b", "c", "d", "e", "f"]),
            ("yearFrom", "0"),
            ("yearFrom", "1_9"),
            ("yearTo", "10000"),
            ("minRating", "0"),
            ("minRating", "11"),
            ("minRating", "nan"),
            ("minRating", "1_0"),
            ("person", "1"),
            ("sort", "popular"),
            ("sort", "--title"),
            ("sort", ""),
            ("fields", "title,director"),
            ("fields", ""),
            ("fields", "title,"),
            ("page", "0"),
            ("pageSize", "101"),
        ],
    )
    async def test_an_invalid_parameter_is_named(
        self, client: httpx.AsyncClient, name: str, value: str | list[str]
    ) -> None:
        response = await client.get(MOVIES, params={name: value})
        assert_error(response, 422)
        assert [each.split("/")[0] for each in invalid_names(response)] == [name]


class TestSearch:
    @pytest.fixture
    async def films(self, editor: httpx.AsyncClient) -> httpx.AsyncClient:
        for title, original, overview in [
            ("Amélie", "Le Fabuleux Destin d'Amélie Poulain", "A waitress in Paris."),
            ("The Godfather", None, "A family of New York; father and sons."),
            ("Straße", None, "ΟΔΟΣ"),
            ("Jaws 100%", None, "snake_case or back\\slash"),
        ]:
            await create_movie(editor, title=title, originalTitle=original, overview=overview)
        return editor

    async def test_each_word_begins_a_word_of_the_movie(self, films: httpx.AsyncClient) -> None:
        for q, expected in [
            ("amelie", ["Amélie"]),
            ("AMÉLIE", ["Amélie"]),
            ("destin paris", ["Amélie"]),
            ("godf", ["The Godfather"]),
            ("father", ["The Godfather"]),
            ("the godfather", ["The Godfather"]),
            ("york new", ["The Godfather"]),
            ("odfather", []),
            ("godfather paris", []),
            ("strasse", ["Straße"]),
            ("οδος", ["Straße"]),
            ("100%", ["Jaws 100%"]),
            ("case", ["Jaws 100%"]),
            ("' OR 'zz'='zz", []),
            ("godfather:* | paris", []),
            ("!godfather", ["The Godfather"]),
            ("x" * 200, []),
        ]:
            assert await titles(films, q=q) == expected, q

    async def test_a_text_without_a_letter_or_digit_finds_everything(
        self, films: httpx.AsyncClient
    ) -> None:
        for q in ("", " ", "%", "_", "'", "&|!():*", "\\"):
            assert len(await titles(films, q=q)) == 4, q

    async def test_words_that_are_longer_than_an_index_takes_are_stored(
        self, editor: httpx.AsyncClient
    ) -> None:
        await create_movie(editor, title="ﷺ" * 200, overview="x" * 5000)
        assert len(await titles(editor, q="x" * 60)) == 1
