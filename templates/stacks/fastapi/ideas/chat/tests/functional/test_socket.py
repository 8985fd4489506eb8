import asyncio
import json
from datetime import timedelta

import pytest
from fastapi import FastAPI
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from app.clock import now
from app.errors import DatabaseUnavailableError
from app.settings import Settings
from tests.logs import Log
from tests.people import Configure, Open, Person

NASTY = "<script>alert(1)</script> '; DROP TABLE messages; -- {{7*7}} \N{PILE OF POO} \u202e"


async def refusal(address: str, ticket: str, **options: str) -> int:
    with pytest.raises(InvalidStatus) as refused:
        async with connect(f"ws://{address}/ws?ticket={ticket}", **options):  # type: ignore[arg-type]
            pass
    return refused.value.response.status_code


async def test_a_ticket_works_once(address: str, ada: Person) -> None:
    ticket = await ada.ticket()
    async with connect(f"ws://{address}/ws?ticket={ticket}"):
        pass
    assert await refusal(address, ticket) == 401
    assert await refusal(address, "") == 401
    assert await refusal(address, "x" * 5000) == 401


async def test_tickets_are_in_no_log(address: str, ada: Person, log: Log) -> None:
    async with connect(f"ws://{address}/ws?ticket={await ada.ticket()}"):
        pass
    assert await refusal(address, "guessed") == 401
    assert '"WebSocket /ws\\" [accepted]' in log.getvalue()
    assert "ticket=" not in log.getvalue()


async def test_a_ticket_works_for_half_a_minute(
    address: str, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket, late = await ada.ticket(), await ada.ticket()
    monkeypatch.setattr("app.live.tickets.now", lambda: now() + timedelta(seconds=29))
    async with connect(f"ws://{address}/ws?ticket={ticket}"):
        pass
    monkeypatch.setattr("app.live.tickets.now", lambda: now() + timedelta(seconds=30))
    assert await refusal(address, late) == 401


async def test_pages_of_other_origins_may_not_connect(
    address: str, ada: Person, configure: Configure
) -> None:
    configure(cors_allowed_origins=("https://chat.example",))
    evil = await refusal(address, await ada.ticket(), origin="https://evil.example")
    assert evil == 403
    for origin in ("https://chat.example", f"http://{address}"):
        url = f"ws://{address}/ws?ticket={await ada.ticket()}"
        async with connect(url, origin=origin):  # type: ignore[arg-type]
            pass


async def test_a_message_reaches_everybody_in_the_room(
    ada: Person, grace: Person, open_socket: Open
) -> None:
    room_id = await ada.make_room(grace)
    adas, graces = await open_socket(ada, room_id), await open_socket(grace, room_id)
    sent = await adas.send(room_id, "Hello", client_id="c-1")
    assert sent["message"]["seq"] == 1
    assert sent["message"]["clientId"] == "c-1"
    heard = await graces.hear_next("message.created")
    assert heard["message"] == {**sent["message"], "clientId": None}
    # Ada's other devices want it too.
    assert await adas.hear_next("message.created") == {
        "type": "message.created",
        "message": sent["message"],
    }


async def test_the_same_client_id_is_the_same_message(ada: Person, open_socket: Open) -> None:
    room_id = await ada.make_room()
    socket = await open_socket(ada, room_id)
    first = await socket.send(room_id, "Hello", client_id="c-1")
    second = await socket.send(room_id, "Hello again", client_id="c-1")
    third = await socket.send(room_id, "Another", client_id="c-2")
    assert second["message"] == first["message"]
    assert third["message"]["seq"] == 2


async def test_who_comes_back_gets_what_was_missed_before_anything_new(
    ada: Person, grace: Person, open_socket: Open
) -> None:
    room_id = await ada.make_room(grace)
    adas = await open_socket(ada)
    for number in range(5):
        await adas.send(room_id, f"Number {number + 1}")
    graces = await open_socket(grace)
    answer = await graces.say("subscribe", roomId=room_id, after=2)
    assert answer["lastSeq"] == 5
    await adas.send(room_id, "Number 6")
    texts = [(await graces.hear_next("message.created"))["message"]["text"] for _ in range(4)]
    assert texts == [f"Number {number}" for number in (3, 4, 5, 6)]


async def test_who_missed_too_much_is_sent_to_the_history(
    ada: Person, open_socket: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.hub.MOST_MISSED", 3)
    room_id = await ada.make_room()
    socket = await open_socket(ada)
    for _ in range(5):
        await socket.send(room_id)
    await socket.say("subscribe", roomId=room_id, after=1)
    resync = await socket.hear_next("resync")
    assert resync == {"type": "resync", "roomId": room_id, "lastSeq": 5, "gone": False}
    await socket.send(room_id)
    assert (await socket.hear_next("message.created"))["message"]["seq"] == 6


async def test_markup_and_sql_are_only_text(ada: Person, open_socket: Open) -> None:
    room_id = await ada.make_room()
    socket = await open_socket(ada, room_id)
    assert (await socket.send(room_id, NASTY))["message"]["text"] == NASTY
    assert (await socket.hear_next("message.created"))["message"]["text"] == NASTY
    found = await ada.client.get(
        f"/api/v1/rooms/{room_id}/messages/search", params={"q": "drop table"}
    )
    assert [message["text"] for message in found.json()["items"]] == [NASTY]


async def test_messages_are_changed_and_deleted(
    ada: Person, grace: Person, open_socket: Open
) -> None:
    room_id = await ada.make_room(grace)
    adas, graces = await open_socket(ada, room_id), await open_socket(grace, room_id)
    message_id = (await graces.send(room_id, "Helo"))["message"]["id"]
    refused = await adas.say("message.edit", messageId=message_id, text="Mine")
    assert refused["code"] == "forbidden"
    edited = await graces.say("message.edit", messageId=message_id, text="Hello")
    assert (edited["message"]["text"], edited["message"]["editedAt"] is None) == ("Hello", False)
    assert edited["message"]["clientId"]
    heard = await adas.hear_next("message.edited")
    assert heard["message"] == edited["message"] | {"clientId": None}
    # Ada owns the room.
    deleted = await adas.say("message.delete", messageId=message_id)
    assert deleted["message"]["seq"] == 1
    assert (await graces.hear_next("message.deleted"))["message"]["text"] is None
    again = await graces.say("message.delete", messageId=message_id)
    assert again["code"] == "not_found"
    history = await grace.client.get(f"/api/v1/rooms/{room_id}/messages")
    assert [(m["seq"], m["text"]) for m in history.json()["items"]] == [(1, None)]


async def test_only_the_author_or_an_owner_deletes(
    ada: Person, grace: Person, open_socket: Open
) -> None:
    room_id = await ada.make_room(grace)
    adas, graces = await open_socket(ada, room_id), await open_socket(grace, room_id)
    message_id = (await adas.send(room_id))["message"]["id"]
    refused = await graces.say("message.delete", messageId=message_id)
    assert refused["code"] == "forbidden"


async def test_typing_reading_and_presence_are_seen(
    ada: Person, grace: Person, open_socket: Open
) -> None:
    room_id = await ada.make_room(grace)
    adas = await open_socket(ada, room_id)
    graces = await open_socket(grace, room_id)
    assert (await adas.hear_next("presence"))["online"] is True
    await graces.say("typing", roomId=room_id)
    assert (await adas.hear_next("typing"))["userId"] == grace.id
    await adas.send(room_id)
    unread = await grace.client.get("/api/v1/unread-counts")
    assert unread.json() == {"total": 1, "rooms": [{"roomId": room_id, "unreadCount": 1}]}
    await graces.say("read", roomId=room_id, seq=99)
    read = await adas.hear_next("read")
    assert (read["userId"], read["seq"]) == (grace.id, 1)
    # It never goes back.
    await grace.client.put(f"/api/v1/rooms/{room_id}/read", json={"seq": 0})
    room = await grace.client.get(f"/api/v1/rooms/{room_id}")
    assert (room.json()["lastReadSeq"], room.json()["unreadCount"]) == (1, 0)
    members = await ada.client.get(f"/api/v1/rooms/{room_id}/members")
    assert [member["online"] for member in members.json()["items"]] == [True, True]
    await graces.connection.close()
    assert (await adas.hear_next("presence"))["online"] is False


async def test_who_is_removed_hears_nothing_more(
    ada: Person, grace: Person, open_socket: Open
) -> None:
    room_id = await ada.make_room(grace)
    adas, graces = await open_socket(ada, room_id), await open_socket(grace, room_id)
    await ada.client.delete(f"/api/v1/rooms/{room_id}/members/{grace.id}")
    assert (await graces.hear_next("resync"))["gone"] is True
    await adas.send(room_id, "Between us")
    answer = await graces.say("subscribe", roomId=room_id)
    assert answer["code"] == "not_found"
    assert not [frame for frame in graces.heard if frame["type"] == "message.created"]


async def test_who_is_removed_while_subscribing_is_not_subscribed(
    app: FastAPI, ada: Person, grace: Person, open_socket: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    room_id = await ada.make_room(grace)
    graces = await open_socket(grace)

    async def last_seq(*_arguments: object) -> int:
        # She still is a member, and is removed before the answer arrives.
        await ada.client.delete(f"/api/v1/rooms/{room_id}/members/{grace.id}")
        return 0

    monkeypatch.setattr("app.messages.service.last_seq", last_seq)
    assert (await graces.say("subscribe", roomId=room_id))["code"] == "not_found"
    assert not app.state.hub._rooms  # noqa: SLF001


async def test_a_change_while_catching_up_comes_after_the_message(
    app: FastAPI, ada: Person, open_socket: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    room_id = await ada.make_room()
    socket, again = await open_socket(ada), await open_socket(ada)
    message_id = (await socket.send(room_id, "Helo"))["message"]["id"]
    read, has_changed = app.state.hub.read_after, asyncio.Event()

    async def read_after(room_id: object, after: int) -> object:
        messages = await read(room_id, after)
        await has_changed.wait()
        return messages

    monkeypatch.setattr(app.state.hub, "read_after", read_after)
    await again.say("subscribe", roomId=room_id, after=0)
    await socket.say("message.edit", messageId=message_id, text="Hello")
    has_changed.set()
    assert (await again.hear_next("message.created"))["message"]["text"] == "Helo"
    assert (await again.hear_next("message.edited"))["message"]["text"] == "Hello"


async def test_a_deleted_room_ends_for_everybody(ada: Person, open_socket: Open) -> None:
    room_id = await ada.make_room()
    socket = await open_socket(ada, room_id)
    await ada.client.delete(f"/api/v1/rooms/{room_id}")
    assert (await socket.hear_next("resync"))["gone"] is True
    assert (await socket.send(room_id))["code"] == "not_found"


async def test_unsubscribed_is_unsubscribed(ada: Person, open_socket: Open) -> None:
    room_id = await ada.make_room()
    socket = await open_socket(ada, room_id)
    await socket.say("unsubscribe", roomId=room_id)
    assert (await socket.say("typing", roomId=room_id))["code"] == "forbidden"
    await socket.send(room_id)
    assert not socket.heard


@pytest.mark.parametrize(
    "frame",
    [
        "{",
        "[]",
        '"text"',
        "[" * 5000,
        '{"type": "shout", "id": "1"}',
        '{"type": "typing", "id": "1"}',
        '{"type": "typing", "id": "1", "roomId": "nobody"}',
        '{"type": "typing", "id": 1, "roomId": "0a4f6ab0-6f0c-4a77-8f2f-0c4a3a5b9c11"}',
        '{"type": "typing", "id": "1", "roomId": "0a4f6ab0-6f0c-4a77-8f2f-0c4a3a5b9c11", "x": 1}',
        '{"type": "read", "id": "1", "roomId": "0a4f6ab0-6f0c-4a77-8f2f-0c4a3a5b9c11",'
        ' "seq": 1e400}',
        '{"type": "message.send", "id": "1", "roomId": "0a4f6ab0-6f0c-4a77-8f2f-0c4a3a5b9c11",'
        ' "clientId": "c", "text": "null\\u0000"}',
        '{"type": "message.send", "id": "1", "roomId": "0a4f6ab0-6f0c-4a77-8f2f-0c4a3a5b9c11",'
        ' "clientId": "c", "text": "half \\ud800"}',
        '{"type": "message.send", "id": "1", "roomId": "0a4f6ab0-6f0c-4a77-8f2f-0c4a3a5b9c11",'
        ' "clientId": "c", "text": "   "}',
    ],
)
async def test_a_frame_that_breaks_a_rule_is_refused_and_told(
    ada: Person, open_socket: Open, frame: str
) -> None:
    socket = await open_socket(ada)
    await socket.connection.send(frame)
    answer = await socket.hear(lambda _: True)
    assert (answer["type"], answer["code"]) == ("error", "invalid")
    room_id = await ada.make_room()
    assert (await socket.send(room_id))["type"] == "ack"


async def test_an_error_of_ours_is_told_and_the_connection_lives_on(
    ada: Person, open_socket: Open, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    room_id = await ada.make_room()
    socket = await open_socket(ada)

    async def fail(*_arguments: object) -> None:
        raise RuntimeError("the password is hunter2")

    with monkeypatch.context() as broken:
        broken.setattr("app.messages.service.send", fail)
        answer = await socket.send(room_id)
    assert answer["code"] == "internal"
    assert "hunter2" not in answer["detail"]
    (entry,) = (each for each in log.entries() if each["event"] == "frame failed")
    assert (entry["frame"], entry["level"]) == ("message.send", "error")
    assert (await socket.send(room_id))["type"] == "ack"


async def test_a_database_that_is_away_is_told_and_may_be_asked_again(
    ada: Person, open_socket: Open, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    room_id = await ada.make_room()
    socket, ticket = await open_socket(ada), await ada.ticket()

    async def fail(*_arguments: object) -> None:
        raise DatabaseUnavailableError

    with monkeypatch.context() as away:
        away.setattr("app.messages.service.send", fail)
        away.setattr("app.live.router.redeem_ticket", fail)
        assert (await socket.send(room_id))["code"] == "unavailable"
        assert await refusal(address, ticket) == 503
    assert (await socket.send(room_id))["type"] == "ack"


class TestLimits:
    async def test_a_frame_that_is_too_large_ends_the_connection(
        self, ada: Person, open_socket: Open, settings: Settings
    ) -> None:
        socket = await open_socket(ada)
        await socket.connection.send("x" * (settings.socket_frame_bytes + 1))
        assert await socket.closing_code() == 1009

    async def test_a_frame_must_be_text(self, ada: Person, open_socket: Open) -> None:
        socket = await open_socket(ada)
        await socket.connection.send(b"\x00")
        assert await socket.closing_code() == 1003

    async def test_a_client_that_sends_only_nonsense_is_closed(
        self, ada: Person, open_socket: Open
    ) -> None:
        socket = await open_socket(ada)
        for _ in range(10):
            await socket.connection.send("nonsense")
        assert await socket.closing_code() == 4002

    async def test_a_connection_sends_so_many_frames_a_second(
        self, ada: Person, open_socket: Open, settings: Settings
    ) -> None:
        socket = await open_socket(ada)
        for number in range(3 * settings.socket_frames_per_second):
            frame = {"type": "unsubscribe", "id": str(number), "roomId": ada.id}
            await socket.connection.send(json.dumps(frame))
        last = str(3 * settings.socket_frames_per_second - 1)
        answer = await socket.hear(lambda frame: frame["id"] == last)
        assert answer["code"] == "rate_limited"

    async def test_a_connection_hears_so_many_rooms(
        self, ada: Person, open_socket: Open, configure: Configure
    ) -> None:
        configure(socket_rooms=1)
        first, second = await ada.make_room(), await ada.make_room()
        socket = await open_socket(ada, first, first)
        assert (await socket.say("subscribe", roomId=second))["code"] == "too_many_rooms"

    async def test_a_user_has_so_many_connections(
        self, address: str, ada: Person, open_socket: Open, settings: Settings
    ) -> None:
        for _ in range(settings.socket_connections_per_user):
            await open_socket(ada)
        assert await refusal(address, await ada.ticket()) == 429
