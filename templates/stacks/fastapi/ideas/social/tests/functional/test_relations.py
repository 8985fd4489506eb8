"""Following, blocking and muting, and finding people."""

import pytest

from app.settings import Settings
from tests.errors import assert_error
from tests.people import API, Join, Person


class TestFollow:
    async def test_a_public_profile_is_followed_at_once(self, ada: Person, grace: Person) -> None:
        for _ in range(2):
            relation = await ada.expect(200, "PUT", "/profiles/grace/follow")
            assert (relation["following"], relation["requested"]) == (True, False)
        profile = await ada.expect(200, "GET", "/profiles/Grace")
        assert (profile["followerCount"], profile["followingCount"]) == (1, 0)
        assert profile["relation"]["following"] is True
        mine = await grace.expect(200, "GET", "/profiles/ada")
        assert (mine["followingCount"], mine["relation"]["followedBy"]) == (1, True)

    async def test_a_private_profile_gets_a_request(self, ada: Person, join: Join) -> None:
        grace = await join("grace", private=True)
        for _ in range(2):
            relation = await ada.expect(200, "PUT", "/profiles/grace/follow")
            assert (relation["following"], relation["requested"]) == (False, True)
        assert await grace.handles("/follow-requests") == ["ada"]
        await grace.expect(204, "PUT", "/follow-requests/ada")
        assert await grace.handles("/follow-requests") == []
        assert await ada.handles("/profiles/grace/followers") == ["ada"]

    async def test_a_request_can_be_refused_and_taken_back(self, ada: Person, join: Join) -> None:
        grace = await join("grace", private=True)
        await ada.expect(200, "PUT", "/profiles/grace/follow")
        await grace.expect(204, "DELETE", "/follow-requests/ada")
        await grace.expect(404, "PUT", "/follow-requests/ada")
        await ada.expect(200, "PUT", "/profiles/grace/follow")
        await ada.expect(204, "DELETE", "/profiles/grace/follow")
        await grace.expect(404, "DELETE", "/follow-requests/ada")
        assert await grace.items("/notifications") == []

    async def test_it_ends(self, ada: Person, grace: Person) -> None:
        await ada.follow(grace)
        for _ in range(2):
            await ada.expect(204, "DELETE", "/profiles/grace/follow")
        assert await ada.handles("/profiles/grace/followers") == []

    @pytest.mark.parametrize("what", ["follow", "block", "mute"])
    async def test_nobody_does_it_to_themselves(self, ada: Person, what: str) -> None:
        assert_error(await ada.put(f"{API}/profiles/ada/{what}"), 409)

    @pytest.mark.parametrize("handle", ["nobody", "no-body", "a", "%00"])
    async def test_whoever_does_not_exist_is_404(self, ada: Person, handle: str) -> None:
        assert_error(await ada.put(f"{API}/profiles/{handle}/follow"), 404)

    async def test_lists_go_on_page_by_page(self, ada: Person, join: Join) -> None:
        for name in ("one", "two", "three"):
            await (await join(name)).follow(ada)
        first = await ada.expect(200, "GET", "/profiles/ada/followers?limit=2")
        assert [item["handle"] for item in first["items"]] == ["three", "two"]
        parameters = {"limit": 2, "cursor": first["nextCursor"]}
        last = await ada.expect(200, "GET", "/profiles/ada/followers", params=parameters)
        assert [item["handle"] for item in last["items"]] == ["one"]
        assert last["nextCursor"] is None


class TestPrivate:
    async def test_lists_are_for_followers(self, ada: Person, alan: Person, join: Join) -> None:
        grace = await join("grace", private=True)
        await ada.follow(grace)
        for path in ("followers", "following", "posts"):
            assert_error(await alan.get(f"{API}/profiles/grace/{path}"), 403)
            for person in (ada, grace):
                await person.expect(200, "GET", f"/profiles/grace/{path}")
        assert (await alan.expect(200, "GET", "/profiles/grace"))["followerCount"] == 1


class TestBlock:
    async def test_it_ends_following_in_both_directions(self, ada: Person, grace: Person) -> None:
        await ada.follow(grace)
        await grace.follow(ada)
        relation = await ada.expect(200, "PUT", "/profiles/grace/block")
        assert relation == {
            "following": False,
            "requested": False,
            "followedBy": False,
            "blocking": True,
            "muting": False,
        }
        assert await ada.handles("/blocks") == ["grace"]
        for person, other in ((ada, "grace"), (grace, "ada")):
            await person.expect(404, "GET", f"/profiles/{other}")
            await person.expect(404, "PUT", f"/profiles/{other}/follow")

    async def test_it_ends_and_following_does_not_come_back(
        self, ada: Person, grace: Person
    ) -> None:
        await ada.follow(grace)
        await ada.block(grace)
        for _ in range(2):
            await ada.expect(204, "DELETE", "/profiles/grace/block")
        assert await ada.handles("/blocks") == []
        profile = await grace.expect(200, "GET", "/profiles/ada")
        assert profile["followingCount"] == 0

    async def test_who_is_blocked_cannot_end_it(self, ada: Person, grace: Person) -> None:
        await ada.block(grace)
        await grace.expect(404, "DELETE", "/profiles/ada/block")
        await grace.expect(404, "GET", "/profiles/ada")


class TestMute:
    async def test_only_who_mutes_knows(self, ada: Person, grace: Person) -> None:
        await ada.mute(grace)
        assert await ada.handles("/mutes") == ["grace"]
        assert "true" not in str((await grace.expect(200, "GET", "/profiles/ada"))["relation"])
        for _ in range(2):
            await ada.expect(204, "DELETE", "/profiles/grace/mute")
        assert await ada.handles("/mutes") == []


class TestSearch:
    async def test_handle_and_name_are_found_whatever_the_case(
        self, ada: Person, grace: Person
    ) -> None:
        await grace.expect(200, "PATCH", "/users/me", json={"displayName": "Élodie Hopper"})
        for text in ("GRACE", "race", "éLODIE", "e\u0301lodie"):
            found = await ada.items("/profiles", q=text)
            assert [item["handle"] for item in found] == ["grace"]

    async def test_its_text_stands_for_itself(self, ada: Person) -> None:
        for text in ("%", "_d_", "\\", "' OR 1=1 --"):
            assert await ada.items("/profiles", q=text) == []

    async def test_it_goes_on_by_handle(self, ada: Person, join: Join) -> None:
        for name in ("bob_2", "bob_1", "bob_3"):
            await join(name)
        first = await ada.expect(200, "GET", "/profiles?q=bob&limit=2")
        assert [item["handle"] for item in first["items"]] == ["bob_1", "bob_2"]
        parameters = {"q": "bob", "cursor": first["nextCursor"]}
        last = await ada.expect(200, "GET", "/profiles", params=parameters)
        assert [item["handle"] for item in last["items"]] == ["bob_3"]


class TestManyFollowers:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"fan_out_followers": 1})

    async def test_their_posts_are_in_home_timelines_all_the_same(
        self, ada: Person, grace: Person, alan: Person
    ) -> None:
        await ada.follow(grace)
        await alan.follow(grace)
        post = await grace.post_text("To many")
        assert await ada.ids("/timelines/home") == [post["id"]]
