"""GraphQL over the same services."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.graphql.schema import make_schema
from app.settings import Settings
from tests.errors import assert_error, invalid_names
from tests.people import API, SignIn, create_movie, create_person
from tests.queries import counted

MOVIES = "movies(first: 100) { edges { node { id } } }"
ROOT = Path(__file__).parent.parent.parent


async def execute(client: httpx.AsyncClient, query: str, **variables: object) -> dict[str, Any]:
    # httpx cannot send half a surrogate pair, and JSON can.
    body = json.dumps({"query": query, "variables": variables})
    headers = {"Content-Type": "application/json"}
    response = await client.post("/graphql", content=body, headers=headers)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def data(client: httpx.AsyncClient, query: str, **variables: object) -> Any:
    answer = await execute(client, query, **variables)
    assert "errors" not in answer, answer
    return answer["data"]


async def codes(client: httpx.AsyncClient, query: str, **variables: object) -> list[str]:
    answer = await execute(client, query, **variables)
    return [error["extensions"]["code"] for error in answer["errors"]]


def test_the_served_schema_is_the_documented_one() -> None:
    documented = (ROOT / "docs" / "schema.graphql").read_text("utf-8")
    assert make_schema(introspection=True).as_str() + "\n" == documented


@pytest.fixture
async def films(editor: httpx.AsyncClient, viewer: httpx.AsyncClient) -> list[dict[str, Any]]:
    """Five movies, each with a director, three in the cast and two reviews."""
    films = []
    people = [await create_person(editor, f"Person {number}") for number in range(4)]
    for number in range(5):
        movie = await create_movie(editor, title=f"Film {number}", year=1950 + number)
        url = f"{API}/movies/{movie['id']}"
        await editor.post(f"{url}/crew", json={"personId": people[3]["id"], "job": "Director"})
        for order, person in enumerate(people[:3], 1):
            cast = {"personId": person["id"], "character": f"C{order}", "order": order}
            await editor.post(f"{url}/cast", json=cast)
        await editor.post(f"{url}/reviews", json={"rating": 4})
        await viewer.post(f"{url}/reviews", json={"rating": 5, "text": "new"})
        films.append(movie)
    return films


ALL = """
query ($first: Int!) {
  movies(first: $first, sort: YEAR_ASC) {
    edges {
      node {
        title
        rating
        cast(first: 2) { edges { node { character person { name } } } pageInfo { hasNextPage } }
        crew { edges { node { job person { name credits(first: 1) { edges { node { id } } } } } } }
        reviews { edges { node { rating text author } } }
      }
    }
  }
}
"""


async def test_movies_come_with_what_belongs_to_them(
    client: httpx.AsyncClient, films: list[dict[str, Any]]
) -> None:
    found = (await data(client, ALL, first=10))["movies"]["edges"]
    assert [edge["node"]["title"] for edge in found] == [film["title"] for film in films]
    node = found[0]["node"]
    assert node["rating"] == 4.5
    cast = node["cast"]
    assert [edge["node"]["character"] for edge in cast["edges"]] == ["C1", "C2"]
    assert cast["edges"][1]["node"]["person"] == {"name": "Person 1"}
    assert cast["pageInfo"] == {"hasNextPage": True}
    assert node["crew"]["edges"][0]["node"]["job"] == "Director"
    newest = node["reviews"]["edges"][0]["node"]
    assert (newest["rating"], newest["text"]) == (5, "new")
    assert newest["author"].startswith("u")


async def test_many_movies_take_as_many_queries_as_one(
    app: FastAPI, client: httpx.AsyncClient, films: list[dict[str, Any]]
) -> None:
    numbers = []
    for first in (1, len(films)):
        with counted(app) as statements:
            await data(client, ALL, first=first)
        numbers.append(len(statements))
    # Movies, casts, crews, the people of both, filmographies, reviews and their authors.
    assert numbers == [8, 8]


@pytest.mark.parametrize("sort", ["YEAR_ASC", "YEAR_DESC", "TITLE_ASC", "RATING_DESC"])
async def test_following_cursors_shows_every_movie_once(
    client: httpx.AsyncClient, films: list[dict[str, Any]], sort: str
) -> None:
    query = """
    query ($after: String, $sort: MovieSort!) {
      movies(first: 2, after: $after, sort: $sort) {
        edges { cursor node { title } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
    """
    found, after = [], None
    while True:
        page = (await data(client, query, after=after, sort=sort))["movies"]
        found += [edge["node"]["title"] for edge in page["edges"]]
        info = page["pageInfo"]
        assert info["hasPreviousPage"] is (after is not None)
        assert info["startCursor"] == page["edges"][0]["cursor"]
        after = info["endCursor"]
        if not info["hasNextPage"]:
            break
    assert sorted(found) == [film["title"] for film in films]
    assert len(found) == len(films)


@pytest.mark.parametrize("field", ["cast", "reviews", "crew"])
async def test_following_cursors_within_a_movie(
    client: httpx.AsyncClient, films: list[dict[str, Any]], field: str
) -> None:
    query = f"""
    query ($id: ID!, $after: String) {{
      movie(id: $id) {{ {field}(first: 1, after: $after) {{
        edges {{ node {{ id }} }} pageInfo {{ endCursor hasNextPage }} }} }}
    }}
    """
    found, after, more = [], None, True
    while more:
        page = (await data(client, query, id=films[0]["id"], after=after))["movie"][field]
        found += [edge["node"]["id"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len(set(found)) == len(found) == {"cast": 3, "reviews": 2, "crew": 1}[field]


@pytest.mark.usefixtures("films")
async def test_filters_are_those_of_the_rest_api(client: httpx.AsyncClient) -> None:
    query = """
    query ($filters: MovieFilters) {
      movies(filters: $filters) { edges { node { title genres releaseDate reviewCount } } }
    }
    """
    filters = {"q": "film", "yearFrom": 1952, "yearTo": 1952, "genres": ["drama"], "minRating": 4}
    (edge,) = (await data(client, query, filters=filters))["movies"]["edges"]
    node = {"title": "Film 2", "genres": ["drama"], "releaseDate": None, "reviewCount": 2}
    assert edge["node"] == node
    for wrong in [{"q": "\0"}, {"genres": ["Drama"]}, {"yearFrom": 0}, {"person": "x"}]:
        assert await codes(client, query, filters=wrong) == ["BAD_USER_INPUT"]


@pytest.mark.usefixtures("films")
async def test_people_and_their_movies(client: httpx.AsyncClient) -> None:
    query = """
    {
      people(q: "person 0") { edges { node { id name birthDate biography
        credits(first: 2) { edges { node { kind order movie { title } } } } } } }
    }
    """
    (edge,) = (await data(client, query))["people"]["edges"]
    person = edge["node"]
    shown = [credit["node"]["movie"]["title"] for credit in person["credits"]["edges"]]
    assert (person["name"], shown) == ("Person 0", ["Film 4", "Film 3"])
    one = await data(client, "query ($id: ID!) { person(id: $id) { name } }", id=person["id"])
    assert one == {"person": {"name": "Person 0"}}


@pytest.mark.parametrize("text", ["1", "0a4f6ab0-6f0c-4a77-8f2f-0c4a3a5b9c11", "\0", "\ud800"])
async def test_an_unknown_id_is_null(client: httpx.AsyncClient, text: str) -> None:
    query = "query ($id: ID!) { movie(id: $id) { title } person(id: $id) { name } }"
    assert await data(client, query, id=text) == {"movie": None, "person": None}


class TestMutations:
    CREATE = """
    mutation ($movie: ID!, $rating: Int!) {
      createReview(movieId: $movie, rating: $rating, text: "Good.") {
        id rating text author movie { rating reviewCount }
      }
    }
    """
    CHANGE = "mutation ($id: ID!, $r: Int) { changeReview(id: $id, rating: $r) { rating text } }"
    DELETE = "mutation ($id: ID!) { deleteReview(id: $id) }"

    async def test_a_review_is_written_changed_and_deleted(
        self, editor: httpx.AsyncClient, sign_in: SignIn
    ) -> None:
        movie = await create_movie(editor)
        ada = await sign_in(username="ada")
        made = (await data(ada, self.CREATE, movie=movie["id"], rating=7))["createReview"]
        assert (made["rating"], made["text"], made["author"]) == (7, "Good.", "ada")
        assert made["movie"] == {"rating": 7, "reviewCount": 1}
        changed = await data(ada, self.CHANGE, id=made["id"], r=3)
        assert changed == {"changeReview": {"rating": 3, "text": "Good."}}
        url = f"{API}/movies/{movie['id']}"
        assert (await ada.get(url)).json()["rating"] == 3
        assert await data(ada, self.DELETE, id=made["id"]) == {"deleteReview": made["id"]}
        assert (await ada.get(url)).json()["reviewCount"] == 0

    async def test_what_is_refused_has_a_code(
        self, client: httpx.AsyncClient, editor: httpx.AsyncClient, viewer: httpx.AsyncClient
    ) -> None:
        movie = (await create_movie(editor))["id"]
        made = (await data(viewer, self.CREATE, movie=movie, rating=7))["createReview"]
        assert await codes(client, self.CREATE, movie=movie, rating=7) == ["UNAUTHENTICATED"]
        assert await codes(viewer, self.CREATE, movie=movie, rating=7) == ["CONFLICT"]
        assert await codes(editor, self.CREATE, movie=movie, rating=11) == ["BAD_USER_INPUT"]
        assert await codes(editor, self.CREATE, movie="1", rating=1) == ["NOT_FOUND"]
        assert await codes(editor, self.CHANGE, id=made["id"], r=1) == ["FORBIDDEN"]
        assert await codes(editor, self.CHANGE, id="1", r=1) == ["NOT_FOUND"]
        assert await codes(editor, self.DELETE, id=made["id"]) == ["FORBIDDEN"]

    async def test_each_mutation_of_a_document_shows_what_it_wrote(
        self, editor: httpx.AsyncClient, viewer: httpx.AsyncClient
    ) -> None:
        movie = (await create_movie(editor))["id"]
        made = (await data(viewer, self.CREATE, movie=movie, rating=7))["createReview"]
        changes = " ".join(
            f'r{rating}: changeReview(id: "{made["id"]}", rating: {rating}) {{ movie {{'
            " rating reviews { edges { node { rating } } } } }"
            for rating in (3, 9)
        )
        answer = await data(viewer, f"mutation {{ {changes} }}")
        for rating in (3, 9):
            shown = answer[f"r{rating}"]["movie"]
            assert shown == {"rating": rating, "reviews": {"edges": [{"node": {"rating": rating}}]}}


class TestLimits:
    async def test_too_deep(self, client: httpx.AsyncClient) -> None:
        query = "movie(id: 1) { cast { edges { node {"
        query = "{" + query + "movie { cast { edges { node {" * 3 + "id" + "}" * 17
        assert await codes(client, query) == ["TOO_DEEP"]

    @pytest.mark.parametrize(
        "query",
        [
            "{ movies(first: 100) { edges { node { cast(first: 100) { edges { node { id }"
            " } } } } } }",
            "query ($n: Int = 100) { movies(first: $n) { edges { node { cast(first: $n) "
            "{ edges { node { id } } } } } } }",
            "{" + " ".join(f"m{n}: {MOVIES}" for n in range(20)) + "}",
            "{ ...A ...B } fragment A on Query { ...C ...D } fragment B on Query { ...C }"
            " fragment C on Query { c: movies(first: 100) { edges { node { reviews(first: 50)"
            " { edges { node { id } } } } } } } fragment D on Query { ...C }",
        ],
    )
    async def test_too_expensive(self, client: httpx.AsyncClient, query: str) -> None:
        assert "TOO_EXPENSIVE" in await codes(client, query)

    @pytest.mark.parametrize("first", [0, -1, 101, 2**31 - 1])
    async def test_a_page_has_a_hundred_at_most(
        self, client: httpx.AsyncClient, first: int
    ) -> None:
        query = "query ($n: Int!) { people(first: $n) { edges { node { id } } } }"
        assert await codes(client, query, n=first) == ["BAD_USER_INPUT"]

    async def test_too_long(self, client: httpx.AsyncClient) -> None:
        assert await codes(client, "{ %s }" % ("a " * 1001)) == ["GRAPHQL_VALIDATION_FAILED"]
        response = await client.post("/graphql", json={"query": "x" * 20_001})
        assert_error(response, 422)
        assert invalid_names(response) == ["query"]


@pytest.mark.parametrize(
    "query",
    [
        " ",
        "{",
        "{ nothing }",
        "{ movie }",
        '{ movie(id: "\\ud800") { nothing } }',
        "{ ...A } fragment A on Query { ...A }",
        "subscription { x }",
        "{" + "a{" * 400 + "b" + "}" * 401,
        "{ movies(first: %s) { edges { cursor } } }" % ("9" * 100),
        '{ movies(after: "x") { edges { cursor } } }',
        '{ movies(after: "WzEsMl0") { edges { cursor } } }',
    ],
)
async def test_a_wrong_document_is_told_so(client: httpx.AsyncClient, query: str) -> None:
    answer = await execute(client, query)
    assert answer["errors"][0]["message"]
    assert "Something went wrong" not in str(answer)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"query": ""}, "query"),
        ({"query": 1}, "query"),
        ({}, "query"),
        ({"query": "{ __typename }", "variables": []}, "variables"),
        ({"query": "{ __typename }", "id": 1}, "id"),
    ],
)
async def test_a_body_that_is_no_operation_is_422(
    client: httpx.AsyncClient, body: dict[str, object], name: str
) -> None:
    response = await client.post("/graphql", json=body)
    assert_error(response, 422)
    assert invalid_names(response) == [name]


async def test_an_unexpected_error_tells_the_client_nothing(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr("app.graphql.schema.matching_movies", broken)
    answer = await execute(client, "{ movies { edges { cursor } } }")
    (error,) = answer["errors"]
    assert error["message"] == "Something went wrong on our side."
    assert "hunter2" not in str(answer)


async def test_an_operation_is_chosen_by_its_name(client: httpx.AsyncClient) -> None:
    query = "query A { a: __typename } query B { b: __typename }"
    for name, answer in [("A", {"a": "Query"}), ("B", {"b": "Query"}), ("C", None)]:
        response = await client.post("/graphql", json={"query": query, "operationName": name})
        assert response.json()["data"] == answer
        assert ("errors" in response.json()) is (answer is None)


class TestIntrospection:
    QUERY = "{ __schema { types { name fields { name type { ofType { name } } } } } }"

    async def test_development_describes_the_schema(self, client: httpx.AsyncClient) -> None:
        found = await data(client, self.QUERY)
        assert "Movie" in {each["name"] for each in found["__schema"]["types"]}

    async def test_production_does_not(self, settings: Settings) -> None:
        schema = make_schema(introspection=False)
        result = await schema.execute(self.QUERY)
        assert result.errors
        assert "introspection" in result.errors[0].message


async def test_a_wrong_token_is_401(client: httpx.AsyncClient) -> None:
    response = await client.post(
        "/graphql", json={"query": "{ __typename }"}, headers={"Authorization": "Bearer x"}
    )
    assert_error(response, 401)
