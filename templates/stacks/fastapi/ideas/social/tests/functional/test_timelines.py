"""Lists of posts: home, profile, hashtag, search."""

import pytest

from tests.errors import assert_error, invalid_names
from tests.people import API, Join, Person


class TestHome:
    async def test_it_has_the_posts_of_oneself_and_of_those_one_follows(
        self, ada: Person, grace: Person, alan: Person
    ) -> None:
        await ada.follow(grace)
        mine = await ada.post_text("Mine")
        hers = await grace.post_text("Hers")
        his = await alan.post_text("His")
        assert await ada.ids("/timelines/home") == [hers["id"], mine["id"]]
        await ada.follow(alan)
        assert await ada.ids("/timelines/home") == [his["id"], hers["id"], mine["id"]]
        await ada.expect(204, "DELETE", "/profiles/grace/follow")
        assert await ada.ids("/timelines/home") == [his["id"], mine["id"]]

    async def test_replies_to_others_are_not_in_it_and_threads_are(
        self, ada: Person, grace: Person, alan: Person
    ) -> None:
        await ada.follow(grace)
        his = await alan.post_text("A question")
        await grace.post_text("An answer", replyToId=his["id"])
        first = await grace.post_text("One")
        second = await grace.post_text("Two", replyToId=first["id"])
        assert await ada.ids("/timelines/home") == [second["id"], first["id"]]

    async def test_a_post_is_there_once_however_many_repost_it(
        self, ada: Person, grace: Person, alan: Person
    ) -> None:
        for person in (grace, alan):
            await ada.follow(person)
        his = await alan.post_text("His")
        await grace.expect(200, "PUT", f"/posts/{his['id']}/repost")
        assert await ada.ids("/timelines/home") == [his["id"]]

    async def test_of_a_stranger_the_first_repost_is_there(
        self, ada: Person, grace: Person, alan: Person, join: Join
    ) -> None:
        for person in (grace, alan):
            await ada.follow(person)
        strangers = await (await join("stranger")).post_text("Hello")
        for person in (grace, alan):
            await person.expect(200, "PUT", f"/posts/{strangers['id']}/repost")
        (item,) = await ada.items("/timelines/home")
        assert item["id"] == strangers["id"]
        assert item["repostedBy"]["handle"] == "grace"
        assert item["author"]["handle"] == "stranger"

    async def test_the_muted_are_not_in_it(self, ada: Person, grace: Person, alan: Person) -> None:
        for person in (grace, alan):
            await ada.follow(person)
        hers = await grace.post_text("Hers")
        his = await alan.post_text("His")
        await alan.expect(200, "PUT", f"/posts/{hers['id']}/repost")
        await ada.mute(grace)
        assert await ada.ids("/timelines/home") == [his["id"]]
        await ada.expect(204, "DELETE", "/profiles/grace/mute")
        assert await ada.ids("/timelines/home") == [his["id"], hers["id"]]

    async def test_nothing_is_twice_or_missing_while_posts_arrive(
        self, ada: Person, grace: Person, alan: Person
    ) -> None:
        for person in (grace, alan):
            await ada.follow(person)
        expected = [(await grace.post_text(f"Post {number}"))["id"] for number in range(7)]
        seen: list[str] = []
        parameters: dict[str, object] = {"limit": 2}
        while "cursor" not in parameters or parameters["cursor"]:
            page = await ada.expect(200, "GET", "/timelines/home", params=parameters)
            seen += [item["id"] for item in page["items"]]
            parameters["cursor"] = page["nextCursor"]
            # Something new, and something old that is reposted.
            await alan.post_text("New")
            await alan.expect(200, "PUT", f"/posts/{expected[0]}/repost")
        assert seen == expected[::-1]

    @pytest.mark.parametrize(
        "cursor",
        [
            "nonsense",
            "1" * 16,
            "1" * 17 + "-" + "0" * 32,
            "1" * 16 + "-" + "x" * 32,
        ],
    )
    async def test_a_cursor_that_was_made_up_is_refused(self, ada: Person, cursor: str) -> None:
        response = await ada.get(f"{API}/timelines/home", params={"cursor": cursor})
        assert_error(response, 422)
        assert invalid_names(response) == ["cursor"]


class TestProfile:
    async def test_replies_are_there_if_they_are_asked_for(
        self, ada: Person, grace: Person
    ) -> None:
        post = await ada.post_text("Hello")
        reply = await grace.post_text("Hello", replyToId=post["id"])
        hers = await grace.post_text("Hers")
        assert await ada.ids("/profiles/grace/posts") == [hers["id"]]
        with_replies = await ada.ids("/profiles/grace/posts", replies="true")
        assert with_replies == [hers["id"], reply["id"]]
        assert_error(await ada.get(f"{API}/profiles/grace/posts?replies=maybe"), 422)


class TestHashtag:
    async def test_it_is_found_whatever_the_case(self, ada: Person) -> None:
        post = await ada.post_text("#Größe")
        await ada.post_text("Größe")
        for tag in ("größe", "GRÖSSE", "gro\u0308ße"):
            found = await ada.ids(f"/hashtags/{tag}/posts")
            assert found == ([post["id"]] if tag != "GRÖSSE" else [])

    async def test_one_that_nobody_has_used_is_empty(self, ada: Person) -> None:
        assert await ada.ids("/hashtags/nothing/posts") == []
        assert_error(await ada.get(f"{API}/hashtags/{'x' * 101}/posts"), 404)


class TestSearch:
    async def test_a_text_is_found_whatever_the_case(self, ada: Person, grace: Person) -> None:
        first = await ada.post_text("Notes on the ENGINE")
        second = await grace.post_text("Another engine: 100%")
        assert await ada.ids("/posts/search", q="engine") == [second["id"], first["id"]]
        assert await ada.ids("/posts/search", q="100%") == [second["id"]]
        assert await ada.ids("/posts/search", q="%") == [second["id"]]

    @pytest.mark.parametrize("query", ["", "?q=", "?q=%00", f"?q={'x' * 201}"])
    async def test_it_needs_a_text(self, ada: Person, query: str) -> None:
        response = await ada.get(f"{API}/posts/search{query}")
        assert_error(response, 422)
        assert invalid_names(response) == ["q"]

    async def test_a_lone_surrogate_finds_nothing(self, ada: Person) -> None:
        response = await ada.get(f"{API}/posts/search?q=%ED%A0%80")
        assert response.status_code in {200, 422}
