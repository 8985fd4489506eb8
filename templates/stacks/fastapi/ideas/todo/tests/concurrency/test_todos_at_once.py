"""Several clients at the same time."""

import asyncio

import httpx

TODOS = "/api/v1/todos"


async def test_changes_to_different_fields_lose_nothing(client: httpx.AsyncClient) -> None:
    new = {"title": "old", "completed": False, "order": 0}
    todos = [(await client.post(TODOS, json=new)).json() for _ in range(10)]
    await asyncio.gather(
        *(
            client.patch(todo["url"], json=changes)
            for todo in todos
            for changes in [{"title": "new"}, {"completed": True}, {"order": 1}]
        )
    )
    for todo in (await client.get(TODOS)).json():
        assert (todo["title"], todo["completed"], todo["order"]) == ("new", True, 1)


async def test_fifty_writers_at_once_all_succeed(client: httpx.AsyncClient) -> None:
    responses = await asyncio.gather(
        *(client.post(TODOS, json={"title": f"todo {number}"}) for number in range(50))
    )
    assert {response.status_code for response in responses} == {201}
    assert len((await client.get(TODOS)).json()) == 50


async def test_readers_are_served_while_others_write(client: httpx.AsyncClient) -> None:
    writes = [client.post(TODOS, json={"title": "x"}) for _ in range(20)]
    reads = [client.get(TODOS) for _ in range(20)]
    responses = await asyncio.gather(*writes, *reads)
    assert {response.status_code for response in responses} == {200, 201}


async def test_only_one_of_many_deletes_finds_the_todo(client: httpx.AsyncClient) -> None:
    url = (await client.post(TODOS, json={"title": "x"})).json()["url"]
    responses = await asyncio.gather(*(client.delete(url) for _ in range(10)))
    assert sorted(response.status_code for response in responses) == [204, *[404] * 9]
