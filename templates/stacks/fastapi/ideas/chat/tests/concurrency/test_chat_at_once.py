"""Many at the same time."""

import asyncio
from uuid import UUID, uuid4

from fastapi import FastAPI

from app.settings import Settings
from tests.people import Configure, Join, Open, Person, Socket, narrow


async def test_numbers_have_no_gaps_and_come_in_order(
    ada: Person, grace: Person, open_socket: Open
) -> None:
    room_id = await ada.make_room(grace)
    speakers = [await open_socket(person) for person in (ada, grace, ada, grace)]
    listener = await open_socket(ada, room_id)

    async def talk(socket: Socket) -> None:
        for _ in range(5):
            answer = await socket.send(room_id)
            assert answer["type"] == "ack", answer

    await asyncio.gather(*map(talk, speakers))
    heard = [(await listener.hear_next("message.created"))["message"]["seq"] for _ in range(20)]
    assert heard == list(range(1, 21))


async def test_a_message_sent_many_times_at_once_is_stored_once(
    ada: Person, open_socket: Open
) -> None:
    room_id = await ada.make_room()
    many = [await open_socket(ada) for _ in range(5)]
    client_id = uuid4().hex
    answers = await asyncio.gather(*(each.send(room_id, client_id=client_id) for each in many))
    assert {answer["message"]["seq"] for answer in answers} == {1}
    history = await ada.client.get(f"/api/v1/rooms/{room_id}/messages")
    assert len(history.json()["items"]) == 1


async def test_a_slow_client_is_closed_and_delays_nobody(  # noqa: PLR0913, PLR0917 - fixtures
    app: FastAPI,
    ada: Person,
    grace: Person,
    open_socket: Open,
    configure: Configure,
    address: str,
) -> None:
    configure(socket_frames_per_second=10_000, socket_queue=8)
    room_id = await ada.make_room(grace)
    talker, fast = await open_socket(ada), await open_socket(grace, room_id)
    slow = await open_socket(grace, room_id, compression=None, sock=narrow(address))
    # It does not read from here on.
    while app.state.hub.presence.connections(UUID(grace.id)) == 2:
        sent = await talker.send(room_id, "x" * 4000)
        await fast.hear_next("message.created")
        assert sent["message"]["seq"] < 1000
    assert await slow.closing_code() == 4008
    sent = await talker.send(room_id, "last")
    assert (await fast.hear_next("message.created"))["message"] == sent["message"] | {
        "clientId": None
    }
    # It comes back and misses nothing: however much it is, it comes as fast as it is read.
    again = await open_socket(grace)
    await again.say("subscribe", roomId=room_id, after=0)
    heard = [await again.hear_next("message.created") for _ in range(sent["message"]["seq"])]
    assert [each["message"]["seq"] for each in heard] == [*range(1, len(heard) + 1)]


async def test_two_who_open_the_same_conversation_get_one(ada: Person, grace: Person) -> None:
    path = "/api/v1/direct-conversations"
    answers = await asyncio.gather(
        *(ada.client.post(path, json={"username": grace.name}) for _ in range(5)),
        *(grace.client.post(path, json={"username": ada.name}) for _ in range(5)),
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_a_room_keeps_an_owner_whoever_leaves_at_once(ada: Person, join: Join) -> None:
    others = [await join(f"member_{number}") for number in range(4)]
    room_id = await ada.make_room(*others)
    leaving = [ada, *others[:3]]
    await asyncio.gather(
        *(person.client.post(f"/api/v1/rooms/{room_id}/leave") for person in leaving)
    )
    room = (await others[3].client.get(f"/api/v1/rooms/{room_id}")).json()
    assert (room["role"], room["memberCount"]) == ("owner", 1)


async def test_joining_many_times_at_once_is_one_membership(ada: Person, grace: Person) -> None:
    room_id = await ada.make_room()
    path = f"/api/v1/rooms/{room_id}/join"
    answers = await asyncio.gather(*(grace.client.post(path) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    room = (await ada.client.get(f"/api/v1/rooms/{room_id}")).json()
    assert room["memberCount"] == 2


async def test_of_two_owners_who_lower_each_other_at_once_one_stays(
    ada: Person, grace: Person
) -> None:
    room_id = await ada.make_room(grace)
    members = f"/api/v1/rooms/{room_id}/members"
    await ada.client.patch(f"{members}/{grace.id}", json={"role": "owner"})
    await asyncio.gather(
        ada.client.patch(f"{members}/{grace.id}", json={"role": "member"}),
        grace.client.patch(f"{members}/{ada.id}", json={"role": "member"}),
        ada.client.patch(f"{members}/{ada.id}", json={"role": "member"}),
        grace.client.patch(f"{members}/{grace.id}", json={"role": "member"}),
    )
    found = (await ada.client.get(members)).json()["items"]
    assert "owner" in {member["role"] for member in found}


async def test_a_user_who_connects_many_times_at_once_has_so_many_connections(
    app: FastAPI, ada: Person, open_socket: Open, settings: Settings
) -> None:
    most = settings.socket_connections_per_user
    opened = await asyncio.gather(
        *(open_socket(ada) for _ in range(2 * most)), return_exceptions=True
    )
    assert sum(isinstance(each, Socket) for each in opened) == most
    assert app.state.hub.presence.connections(UUID(ada.id)) == most
