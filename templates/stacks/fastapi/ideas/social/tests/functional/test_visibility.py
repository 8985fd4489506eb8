"""What a block, a private account or a moderator hides is hidden on every route.

The walk asks every route of the contract, so a new route is part of it, or fails it, at once.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from tests.contract import Contract
from tests.people import API, Join, Person

# Everything about somebody or something that could be hidden holds one of these words.
HANDLE, TEXT, TAG = "shade", "Moonlight over Rome", "nightfall"


@dataclass
class World:
    """People, and what they have done together before anything is hidden.

    Args:
        vera: Who looks.
        shade: Who is looked at.
        friend: Whom both know, who has shared what Shade wrote.
        moderator: Who can suspend and hide.
    """

    vera: Person
    shade: Person
    friend: Person
    moderator: Person

    def __post_init__(self) -> None:
        self.posts: dict[str, str] = {}

    async def fill(self) -> None:
        """Have everybody do everything."""
        for person, other in (
            (self.vera, self.shade),
            (self.shade, self.vera),
            (self.friend, self.shade),
            (self.vera, self.friend),
            (self.friend, self.vera),
        ):
            await person.follow(other)
        veras = await self.vera.post_text("Of Vera")
        shades = await self.shade.post_text(f"{TEXT} #{TAG} @vera")
        reply = await self.shade.post_text(f"{TEXT}, I say", replyToId=veras["id"])
        answer = await self.friend.post_text("An answer", replyToId=shades["id"])
        for person, post in (
            (self.vera, shades),
            (self.friend, shades),
            (self.shade, veras),
            (self.shade, answer),
        ):
            for what in ("like", "repost", "bookmark"):
                await person.expect(200, "PUT", f"/posts/{post['id']}/{what}")
        self.posts = {
            "veras": veras["id"],
            "shades": shades["id"],
            "reply": reply["id"],
            "answer": answer["id"],
        }


@pytest.fixture
async def world(join: Join) -> World:
    vera, shade, friend = [await join(name) for name in ("vera", HANDLE, "friend")]
    world = World(vera, shade, friend, await join("moderator_1", moderator=True))
    await world.fill()
    return world


async def become_private(world: World) -> None:
    await world.shade.be_private()
    await world.vera.expect(204, "DELETE", f"/profiles/{HANDLE}/follow")


async def block(world: World) -> None:
    await world.vera.block(world.shade)


async def be_blocked(world: World) -> None:
    await world.shade.block(world.vera)


async def suspend(world: World) -> None:
    await _report(world, f"/profiles/{HANDLE}/reports", "suspend_account")


async def hide(world: World) -> None:
    for post in ("shades", "reply"):
        await _report(world, f"/posts/{world.posts[post]}/reports", "hide_post")


async def _report(world: World, path: str, decision: str) -> None:
    report = await world.moderator.expect(201, "POST", path, json={"reason": "other"})
    await world.moderator.expect(
        200, "PATCH", f"/moderation/reports/{report['id']}", json={"decision": decision}
    )


# The own account, its sessions and its images show nobody else. Whom one has blocked is listed for
# oneself, and the export is a copy of what one has done.
OWN = {"/users/me", "/users/me/export", "/sessions", "/oidc/providers", "/blocks"}
Hiding = Callable[[World], Awaitable[None]]
# Each with what is left of one reply, one repost and one like.
HIDING: dict[Hiding, tuple[int, int, int]] = {
    become_private: (0, 1, 1),
    block: (0, 0, 0),
    be_blocked: (0, 0, 0),
    suspend: (0, 0, 0),
    hide: (0, 1, 1),
}
BODIES = {"POST": {"reason": "spam"}, "PATCH": {"text": "Hello"}}
# Those which leave the profile itself visible.
PROFILE_STAYS = {become_private, hide}


def requests(contract: Contract, world: World, method: str) -> list[str]:
    """Return every path of the contract with a method, filled in with all that there is."""
    values: dict[str, list[str]] = {
        "handle": ["vera", HANDLE, "friend"],
        "postId": list(world.posts.values()),
        "tag": [TAG],
    }
    queries = {
        "/profiles": [f"?q={HANDLE}"],
        "/posts/search": ["?q=moonlight"],
        "/profiles/{handle}/posts": ["", "?replies=true"],
    }
    found = []
    for operation, route in contract.operations:
        path = route.removeprefix(API)
        known = set(re.findall(r"{(\w+)}", path)) <= values.keys()
        if operation != method or path in OWN or not route.startswith(API) or not known:
            continue
        filled = [path]
        for name, those in values.items():
            filled = [each.replace(f"{{{name}}}", value) for each in filled for value in those]
        found += [
            each + query for each in dict.fromkeys(filled) for query in queries.get(path, [""])
        ]
    return found


async def showing(person: Person, paths: list[str], secrets: list[str]) -> set[str]:
    """Return the paths on which somebody sees one of some texts."""
    seen = set()
    for path in paths:
        response = await person.get(API + path)
        if any(secret in response.text for secret in secrets):
            seen.add(path)
    return seen


async def counts(person: Person, post_id: str) -> tuple[int, int, int]:
    post = await person.expect(200, "GET", f"/posts/{post_id}")
    return post["replyCount"], post["repostCount"], post["likeCount"]


@pytest.mark.parametrize(("hiding", "seen"), HIDING.items())
async def test_what_is_hidden_is_hidden_on_every_route(
    world: World, contract: Contract, hiding: Hiding, seen: tuple[int, int, int]
) -> None:
    hidden = [world.posts["shades"], world.posts["reply"]]
    secrets = [TEXT, *hidden, *([] if hiding in PROFILE_STAYS else [HANDLE])]
    # Otherwise the test would prove nothing: every kind of list shows it as long as it may.
    shown = [
        "/timelines/home",
        "/notifications",
        "/bookmarks",
        f"/hashtags/{TAG}/posts",
        "/posts/search?q=moonlight",
        f"/profiles/{HANDLE}/posts",
        "/profiles/friend/posts",
        f"/posts/{world.posts['shades']}",
        f"/posts/{world.posts['veras']}/replies",
        f"/posts/{world.posts['answer']}",
    ]
    assert await showing(world.vera, shown, secrets) == set(shown)
    assert await counts(world.vera, world.posts["veras"]) == (1, 1, 1)
    await hiding(world)
    assert await showing(world.vera, requests(contract, world, "GET"), secrets) == set()
    assert await counts(world.vera, world.posts["veras"]) == seen
    await nothing_can_be_done(world, contract, hiding, hidden)


async def nothing_can_be_done(
    world: World, contract: Contract, hiding: Hiding, hidden: list[str]
) -> None:
    """Fail unless what is hidden is 404 for whoever wants to do something to it."""
    marks = hidden if hiding in PROFILE_STAYS else [*hidden, f"/{HANDLE}"]
    for method in ("PUT", "POST", "PATCH", "DELETE"):
        for path in requests(contract, world, method):
            # Moderators see more, and who has blocked somebody may end that.
            spared = "/moderation/" in path or (hiding is block and path.endswith("/block"))
            if not spared and any(mark in path for mark in marks):
                response = await world.vera.request(method, API + path, json=BODIES.get(method))
                assert response.status_code == 404, f"{method} {path}"
    reply = {"text": "Hello", "replyToId": hidden[0]}
    await world.vera.expect(404, "POST", "/posts", json=reply)


async def test_followers_of_a_private_profile_see_it(world: World, contract: Contract) -> None:
    paths = requests(contract, world, "GET")
    before = await showing(world.friend, paths, [TEXT])
    await become_private(world)
    assert await showing(world.friend, paths, [TEXT]) == before


async def test_what_is_muted_is_only_out_of_home_and_notifications(
    world: World, contract: Contract
) -> None:
    paths = requests(contract, world, "GET")
    before = await showing(world.vera, paths, [TEXT])
    await world.vera.mute(world.shade)
    after = await showing(world.vera, paths, [TEXT])
    assert before - after == {"/timelines/home", "/notifications"}
    assert not await showing(world.vera, ["/timelines/home", "/notifications"], [HANDLE])


async def test_without_a_token_every_route_is_closed(world: World, contract: Contract) -> None:
    del world.vera.headers["Authorization"]
    for method in ("GET", "PUT", "DELETE"):
        for path in requests(contract, world, method):
            response = await world.vera.request(method, API + path)
            assert response.status_code == 401, f"{method} {path}"
