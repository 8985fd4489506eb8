"""What the page of the idea `todo` asks for beyond the collection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import pytest

from tests.applications import Application
from tests.web import ask

pytestmark = pytest.mark.idea("todo")


def test_two_clients_changing_different_fields_lose_neither_change(address: str) -> None:
    todos = f"{address}/api/v1/todos"
    with ThreadPoolExecutor(8) as pool:
        for number in range(25):
            url = ask("POST", todos, {"title": "before"}).json["url"]
            changes = [{"title": f"after {number}"}, {"completed": True}, {"order": number}]
            answers = pool.map(lambda change, url=url: ask("PATCH", url, change), changes)
            assert [answer.status for answer in answers] == [200, 200, 200]
            found = ask("GET", url).json
            expected = {"title": f"after {number}", "completed": True, "order": number}
            assert {key: found[key] for key in expected} == expected


def test_fifty_clients_writing_at_once_all_succeed(address: str) -> None:
    todos = f"{address}/api/v1/todos"
    ask("DELETE", todos)
    with ThreadPoolExecutor(50) as pool:
        answers = pool.map(lambda n: ask("POST", todos, {"title": f"todo {n}"}), range(200))
        assert {answer.status for answer in answers} == {201}
    assert len(ask("GET", todos).json) == 200


@pytest.mark.databases("postgresql")
def test_a_list_of_twenty_takes_the_queries_of_a_list_of_two(
    application: Application, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    for number in range(25):
        application.ask("POST", "/api/v1/todos", {"title": f"todo {number}"})
    with statements() as two:
        assert len(application.ask("GET", "/api/v1/todos?pageSize=2").json) == 2
    with statements() as twenty:
        assert len(application.ask("GET", "/api/v1/todos?pageSize=20").json) == 20
    assert len(two) == len(twenty) > 0
