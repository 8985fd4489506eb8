"""Posting, replying, liking, reposting, bookmarking, changing and deleting."""

from uuid import uuid4

import pytest
import time_machine

from app.clock import now
from tests.errors import assert_error, invalid_names
from tests.people import API, Join, Person

POSTS = f"{API}/posts"
NOBODY = uuid4()


class TestCreate:
    async def test_a_post_is_answered_as_it_was_sent(self, ada: Person, grace: Person) -> None:
        text = "  <b>Notes</b>, @Grace @nobody! #Größe '); DROP TABLE posts; --  "
        response = await ada.post(POSTS, json={"text": text})
        assert response.status_code == 201
        post = response.json()
        assert response.headers["location"] == f"http://test{POSTS}/{post['id']}"
        assert post["text"] == text
        assert (post["hashtags"], post["mentions"]) == (["größe"], ["grace"])
        assert post["author"]["handle"] == "ada"
        assert (post["replyCount"], post["repostCount"], post["likeCount"]) == (0, 0, 0)
        assert await grace.expect(200, "GET", f"/posts/{post['id']}") == post

    async def test_a_new_reply_is_answered_as_it_is_read(self, ada: Person, grace: Person) -> None:
        post = await ada.post_text("Hello")
        reply = await grace.post_text("Hello, @ada", replyToId=post["id"])
        assert (reply["isReply"], reply["replyToId"]) == (True, post["id"])
        assert await ada.expect(200, "GET", f"/posts/{reply['id']}") == reply

    async def test_characters_are_counted_as_people_see_them(self, ada: Person) -> None:
        family = "👨‍👩‍👧‍👦"
        await ada.post_text(family * 500)
        response = await ada.post(POSTS, json={"text": family * 501})
        assert_error(response, 422)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("text", ""),
            ("text", " \n\t"),
            ("text", "x" * 501),
            ("text", "e" + "\u0301" * 5000),
            ("text", "a\0b"),
            ("text", 5),
            ("text", None),
            ("mediaIds", [str(NOBODY)] * 2),
            ("mediaIds", [str(uuid4()) for _ in range(5)]),
            ("replyToId", "nobody"),
            ("colour", "red"),
        ],
    )
    async def test_an_invalid_field_is_named(self, ada: Person, field: str, value: object) -> None:
        response = await ada.post(POSTS, json={"text": "Hello", field: value})
        assert_error(response, 422)
        assert invalid_names(response)[0].partition("/")[0] == field

    @pytest.mark.parametrize("fields", [{"replyToId": str(NOBODY)}, {"mediaIds": [str(NOBODY)]}])
    async def test_what_is_not_there_is_404(self, ada: Person, fields: dict[str, object]) -> None:
        assert_error(await ada.post(POSTS, json={"text": "Hello", **fields}), 404)
        assert await ada.ids("/profiles/ada/posts") == []


class TestReplies:
    async def test_they_are_counted_and_listed_with_the_oldest_first(
        self, ada: Person, grace: Person
    ) -> None:
        post = await ada.post_text("What do you think?")
        replies = [await grace.post_text(text, replyToId=post["id"]) for text in ("One", "Two")]
        assert replies[0]["replyToId"] == post["id"]
        listed = await ada.ids(f"/posts/{post['id']}/replies")
        assert listed == [reply["id"] for reply in replies]
        assert (await ada.expect(200, "GET", f"/posts/{post['id']}"))["replyCount"] == 2

    async def test_they_stand_when_the_post_is_deleted(self, ada: Person, grace: Person) -> None:
        post = await ada.post_text("What do you think?")
        reply = await grace.post_text("Nothing", replyToId=post["id"])
        await ada.expect(204, "DELETE", f"/posts/{post['id']}")
        left = await ada.expect(200, "GET", f"/posts/{reply['id']}")
        assert (left["isReply"], left["replyToId"]) == (True, None)
        await ada.expect(404, "GET", f"/posts/{post['id']}/replies")


class TestChange:
    async def test_what_it_was_is_in_the_history(self, ada: Person, grace: Person) -> None:
        post = await ada.post_text("One #one")
        for text in ("Two #two", "Three #three @grace"):
            changed = await ada.expect(200, "PATCH", f"/posts/{post['id']}", json={"text": text})
        assert changed["hashtags"] == ["three"]
        assert changed["mentions"] == ["grace"]
        assert changed["editedAt"] > changed["createdAt"]
        history = await grace.items(f"/posts/{post['id']}/history")
        assert [version["text"] for version in history] == ["Two #two", "One #one"]
        assert await ada.ids("/hashtags/one/posts") == []
        assert await ada.ids("/hashtags/THREE/posts") == [post["id"]]
        assert [each["kind"] for each in await grace.items("/notifications")] == ["mention"]

    async def test_the_same_text_is_no_change(self, ada: Person) -> None:
        post = await ada.post_text("One")
        same = await ada.expect(200, "PATCH", f"/posts/{post['id']}", json={"text": "One"})
        assert same == post
        assert await ada.items(f"/posts/{post['id']}/history") == []

    async def test_after_half_an_hour_it_is_too_late(self, ada: Person) -> None:
        post = await ada.post_text("One")
        with time_machine.travel(now().timestamp() + 1801, tick=False):
            # The token is over by then.
            body = {"refreshToken": ada.session["refreshToken"]}
            session = await ada.expect(200, "POST", "/sessions/refresh", json=body)
            ada.headers["Authorization"] = f"Bearer {session['accessToken']}"
            response = await ada.patch(f"{POSTS}/{post['id']}", json={"text": "Two"})
        assert_error(response, 409)

    @pytest.mark.parametrize("text", ["", "x" * 501])
    async def test_an_invalid_text_is_refused(self, ada: Person, text: str) -> None:
        post = await ada.post_text("One")
        response = await ada.patch(f"{POSTS}/{post['id']}", json={"text": text})
        assert_error(response, 422)

    async def test_only_its_author_may_change_or_delete_it(
        self, ada: Person, grace: Person
    ) -> None:
        post = await ada.post_text("Mine")
        assert_error(await grace.patch(f"{POSTS}/{post['id']}", json={"text": "Mine"}), 403)
        assert_error(await grace.delete(f"{POSTS}/{post['id']}"), 403)


class TestLikes:
    async def test_a_post_is_liked_once(self, ada: Person, grace: Person) -> None:
        post = await ada.post_text("Hello")
        for _ in range(2):
            liked = await grace.expect(200, "PUT", f"/posts/{post['id']}/like")
            assert (liked["likeCount"], liked["liked"]) == (1, True)
        assert (await ada.expect(200, "GET", f"/posts/{post['id']}"))["liked"] is False
        assert await ada.handles(f"/posts/{post['id']}/likes") == ["grace"]
        for _ in range(2):
            await grace.expect(204, "DELETE", f"/posts/{post['id']}/like")
        assert await ada.handles(f"/posts/{post['id']}/likes") == []

    async def test_the_list_goes_on(self, ada: Person, grace: Person, join: Join) -> None:
        post = await ada.post_text("Hello")
        for person in (ada, grace, await join("alan")):
            await person.expect(200, "PUT", f"/posts/{post['id']}/like")
        path = f"/posts/{post['id']}/likes"
        first = await ada.expect(200, "GET", path, params={"limit": 2})
        last = await ada.expect(200, "GET", path, params={"cursor": first["nextCursor"]})
        handles = [item["handle"] for item in [*first["items"], *last["items"]]]
        assert handles == ["alan", "grace", "ada"]


class TestReposts:
    async def test_a_post_is_reposted_once(self, ada: Person, grace: Person) -> None:
        post = await ada.post_text("Hello")
        for _ in range(2):
            reposted = await grace.expect(200, "PUT", f"/posts/{post['id']}/repost")
            assert (reposted["repostCount"], reposted["reposted"]) == (1, True)
        (item,) = await ada.items("/profiles/grace/posts")
        assert (item["id"], item["repostedBy"]["handle"]) == (post["id"], "grace")
        for _ in range(2):
            await grace.expect(204, "DELETE", f"/posts/{post['id']}/repost")
        assert await ada.ids("/profiles/grace/posts") == []

    async def test_posts_of_private_profiles_are_not_reposted(
        self, ada: Person, join: Join
    ) -> None:
        grace = await join("grace", private=True)
        await ada.follow(grace)
        post = await grace.post_text("For friends")
        assert_error(await ada.put(f"{POSTS}/{post['id']}/repost"), 403)


class TestBookmarks:
    async def test_nobody_else_sees_them(self, ada: Person, grace: Person) -> None:
        first, second = await ada.post_text("One"), await ada.post_text("Two")
        for post in (second, first, first):
            bookmarked = await grace.expect(200, "PUT", f"/posts/{post['id']}/bookmark")
            assert bookmarked["bookmarked"] is True
        assert await grace.ids("/bookmarks") == [first["id"], second["id"]]
        assert await ada.ids("/bookmarks") == []
        await grace.expect(204, "DELETE", f"/posts/{first['id']}/bookmark")
        assert await grace.ids("/bookmarks") == [second["id"]]
