import pytest

from tests.errors import assert_error
from tests.people import Join, Person

ROOMS = "/api/v1/rooms"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/join"),
        ("POST", "/leave"),
        ("GET", "/members"),
        ("POST", "/invitations"),
        ("GET", "/messages"),
        ("GET", "/messages/search?q=x"),
        ("PUT", "/read"),
    ],
)
async def test_a_private_room_does_not_exist_for_others(
    ada: Person, grace: Person, method: str, path: str
) -> None:
    room_id = await ada.make_room(visibility="private")
    bodies = {"PATCH": {"topic": "Mine"}, "PUT": {"seq": 1}, "POST": {"username": "grace"}}
    body = None if path in {"/join", "/leave"} else bodies.get(method)
    response = await grace.client.request(method, f"{ROOMS}/{room_id}{path}", json=body)
    assert_error(response, 404)


async def test_a_private_room_is_in_no_list_of_others(ada: Person, grace: Person) -> None:
    await ada.make_room(visibility="private")
    for scope in ("joined", "public"):
        response = await grace.client.get(ROOMS, params={"scope": scope})
        assert response.json()["items"] == []


async def test_a_search_text_stands_for_itself(ada: Person) -> None:
    for name in ("100 %", "100 men", "Größe_", "'; DROP TABLE rooms; --"):
        await ada.client.post(ROOMS, json={"name": name})

    async def found(text: str) -> list[str]:
        response = await ada.client.get(ROOMS, params={"q": text})
        return [room["name"] for room in response.json()["items"]]

    assert await found("0 %") == ["100 %"]
    assert await found("GRÖSSE") == ["Größe_"]
    assert await found("e_") == ["Größe_"]
    assert await found("'; DROP") == ["'; DROP TABLE rooms; --"]


async def test_the_newest_conversation_comes_first(ada: Person) -> None:
    first, second = await ada.make_room(), await ada.make_room()
    response = await ada.client.get(ROOMS, params={"pageSize": 1})
    assert response.json()["items"][0]["id"] == second
    assert response.json()["total"] == 2
    response = await ada.client.get(ROOMS, params={"pageSize": 1, "page": 2})
    assert response.json()["items"][0]["id"] == first


async def test_changing_nothing_changes_nothing(ada: Person) -> None:
    room_id = await ada.make_room()
    before = (await ada.client.get(f"{ROOMS}/{room_id}")).json()
    assert (await ada.client.patch(f"{ROOMS}/{room_id}", json={})).json() == before


async def test_a_changed_name_is_found(ada: Person) -> None:
    room_id = await ada.make_room()
    await ada.client.patch(f"{ROOMS}/{room_id}", json={"name": "Tea break"})
    response = await ada.client.get(ROOMS, params={"q": "TEA"})
    assert [room["id"] for room in response.json()["items"]] == [room_id]


class TestMembers:
    async def test_an_invitation_lets_one_in_and_is_used_up(
        self, ada: Person, grace: Person
    ) -> None:
        room_id = await ada.make_room(visibility="private")
        path = f"{ROOMS}/{room_id}/invitations"
        invitation = await ada.client.post(path, json={"username": grace.name})
        again = await ada.client.post(path, json={"username": grace.name})
        assert again.json() == invitation.json()
        assert (await grace.client.get("/api/v1/invitations")).json()["total"] == 1
        # Whoever is invited may look before they join.
        assert (await grace.client.get(f"{ROOMS}/{room_id}")).json()["role"] is None
        joined = await grace.client.post(f"{ROOMS}/{room_id}/join")
        assert joined.json()["role"] == "member"
        assert (await grace.client.get("/api/v1/invitations")).json()["total"] == 0

    async def test_the_member_of_longest_standing_inherits(
        self, ada: Person, grace: Person, join: Join
    ) -> None:
        alan = await join("alan")
        room_id = await ada.make_room(grace, alan)
        await ada.client.post(f"{ROOMS}/{room_id}/leave")
        members = (await alan.client.get(f"{ROOMS}/{room_id}/members")).json()["items"]
        roles = {member["user"]["username"]: member["role"] for member in members}
        assert roles == {"grace": "owner", "alan": "member"}

    async def test_a_second_owner_stays_when_the_first_is_lowered(
        self, ada: Person, grace: Person
    ) -> None:
        room_id = await ada.make_room(grace)
        members = f"{ROOMS}/{room_id}/members"
        await ada.client.patch(f"{members}/{grace.id}", json={"role": "owner"})
        lowered = await grace.client.patch(f"{members}/{ada.id}", json={"role": "member"})
        assert lowered.json()["role"] == "member"
        refused = await grace.client.patch(f"{members}/{grace.id}", json={"role": "member"})
        assert_error(refused, 409)

    async def test_a_direct_conversation_has_exactly_two(
        self, ada: Person, grace: Person, join: Join
    ) -> None:
        await join("alan")
        direct = await ada.client.post(
            "/api/v1/direct-conversations", json={"username": grace.name}
        )
        room = f"{ROOMS}/{direct.json()['id']}"
        assert_error(await ada.client.post(f"{room}/leave"), 403)
        refused = await ada.client.post(f"{room}/invitations", json={"username": "alan"})
        assert_error(refused, 403)
        assert_error(await ada.client.delete(room), 403)
