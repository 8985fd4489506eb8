"""What people are told."""

from tests.people import Join, Person


async def kinds(person: Person) -> list[str]:
    return [item["kind"] for item in await person.items("/notifications")]


async def unread(person: Person) -> int:
    count: int = (await person.expect(200, "GET", "/notifications/unread-count"))["count"]
    return count


class TestWhat:
    async def test_each_kind(self, ada: Person, grace: Person, join: Join) -> None:
        post = await ada.post_text("Hello")
        await grace.expect(200, "PUT", "/profiles/ada/follow")
        await grace.expect(200, "PUT", f"/posts/{post['id']}/like")
        await grace.expect(200, "PUT", f"/posts/{post['id']}/repost")
        reply = await grace.post_text("@ada Hello", replyToId=post["id"])
        mention = await grace.post_text("I know @ada")
        items = await ada.items("/notifications")
        assert [(item["kind"], item["post"] and item["post"]["id"]) for item in items] == [
            ("mention", mention["id"]),
            ("reply", reply["id"]),
            ("repost", post["id"]),
            ("like", post["id"]),
            ("follow", None),
        ]
        assert {actor["handle"] for item in items for actor in item["actors"]} == {"grace"}

    async def test_a_request_until_it_is_answered(self, ada: Person, join: Join) -> None:
        grace = await join("grace", private=True)
        await ada.expect(200, "PUT", "/profiles/grace/follow")
        assert await kinds(grace) == ["follow_request"]
        await grace.expect(204, "PUT", "/follow-requests/ada")
        assert await kinds(grace) == []

    async def test_nobody_is_told_what_they_do_themselves(self, ada: Person) -> None:
        post = await ada.post_text("I am @ada")
        await ada.post_text("Yes", replyToId=post["id"])
        for what in ("like", "repost"):
            await ada.expect(200, "PUT", f"/posts/{post['id']}/{what}")
        assert await kinds(ada) == []

    async def test_what_is_taken_back_was_not(self, ada: Person, grace: Person) -> None:
        post = await ada.post_text("Hello")
        paths = [f"/posts/{post['id']}/like", f"/posts/{post['id']}/repost", "/profiles/ada/follow"]
        for path in paths:
            await grace.expect(200, "PUT", path)
            await grace.expect(204, "DELETE", path)
        assert await kinds(ada) == []
        assert await unread(ada) == 0


class TestGroups:
    async def test_one_entry_names_the_three_newest_and_counts_all(
        self, ada: Person, join: Join
    ) -> None:
        post = await ada.post_text("Hello")
        for number in range(5):
            person = await join(f"person_{number}")
            await person.expect(200, "PUT", f"/posts/{post['id']}/like")
        (item,) = await ada.items("/notifications")
        assert item["actorCount"] == 5
        handles = [actor["handle"] for actor in item["actors"]]
        assert handles == ["person_4", "person_3", "person_2"]
        assert await unread(ada) == 1

    async def test_the_list_goes_on(self, ada: Person, grace: Person) -> None:
        posts = [await ada.post_text(f"Post {number}") for number in range(3)]
        for post in posts:
            await grace.expect(200, "PUT", f"/posts/{post['id']}/like")
        first = await ada.expect(200, "GET", "/notifications?limit=2")
        parameters = {"cursor": first["nextCursor"]}
        last = await ada.expect(200, "GET", "/notifications", params=parameters)
        seen = [item["post"]["id"] for item in [*first["items"], *last["items"]]]
        assert seen == [post["id"] for post in posts[::-1]]
        assert last["nextCursor"] is None


class TestRead:
    async def test_what_is_read_stays_and_what_is_new_is_unread(
        self, ada: Person, grace: Person, alan: Person
    ) -> None:
        post = await ada.post_text("Hello")
        await grace.expect(200, "PUT", f"/posts/{post['id']}/like")
        await grace.follow(ada)
        assert await unread(ada) == 2
        await ada.expect(204, "POST", "/notifications/read")
        assert await unread(ada) == 0
        assert all(item["read"] for item in await ada.items("/notifications"))
        await alan.expect(200, "PUT", f"/posts/{post['id']}/like")
        items = await ada.items("/notifications")
        assert [(item["kind"], item["read"]) for item in items] == [
            ("like", False),
            ("follow", True),
        ]
        assert await unread(ada) == 1
