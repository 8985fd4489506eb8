"""Requests at the same time: the database decides, and everybody gets an answer."""

import asyncio
from collections import Counter
from typing import Any

import httpx

from tests.people import API, PASSWORD, Join, Person

MANY = 8


async def at_once(*requests: Any) -> Counter[int]:
    """Send requests at the same time, and count the statuses of their answers."""
    answers: list[httpx.Response] = await asyncio.gather(*requests)
    return Counter(answer.status_code for answer in answers)


async def test_one_of_many_gets_a_handle(client: httpx.AsyncClient) -> None:
    accounts = [
        {"email": f"ada{number}@example.com", "handle": "ada", "password": PASSWORD}
        for number in range(MANY)
    ]
    statuses = await at_once(*(client.post(f"{API}/users", json=each) for each in accounts))
    assert statuses == {201: 1, 409: MANY - 1}


async def test_a_like_and_a_follow_count_once(ada: Person, grace: Person) -> None:
    post = await ada.post_text("Hello")
    for path in (
        f"/posts/{post['id']}/like",
        f"/posts/{post['id']}/repost",
        "/profiles/ada/follow",
    ):
        assert await at_once(*(grace.put(API + path) for _ in range(MANY))) == {200: MANY}
    liked = await ada.expect(200, "GET", f"/posts/{post['id']}")
    assert (liked["likeCount"], liked["repostCount"]) == (1, 1)
    assert (await ada.expect(200, "GET", "/profiles/ada"))["followerCount"] == 1
    assert [item["actorCount"] for item in await ada.items("/notifications")] == [1, 1, 1]


async def test_no_version_of_a_post_is_lost(ada: Person) -> None:
    post = await ada.post_text("First")
    path = f"{API}/posts/{post['id']}"
    statuses = await at_once(
        *(ada.patch(path, json={"text": f"Text {number}"}) for number in range(MANY))
    )
    assert statuses.keys() <= {200, 409}
    history = await ada.items(f"/posts/{post['id']}/history")
    assert len(history) == statuses[200]
    texts = [version["text"] for version in history]
    assert len(set(texts)) == len(texts)
    assert texts[-1] == "First"


async def test_a_refresh_token_works_once(ada: Person) -> None:
    body = {"refreshToken": ada.session["refreshToken"]}
    refresh = f"{API}/sessions/refresh"
    statuses = await at_once(*(ada.post(refresh, json=body) for _ in range(MANY)))
    assert statuses == {200: 1, 401: MANY - 1}


async def test_a_report_is_decided_once(ada: Person, join: Join) -> None:
    await join("grace")
    moderator = await join("marie", moderator=True)
    report = await ada.expect(201, "POST", "/profiles/grace/reports", json={"reason": "spam"})
    path = f"{API}/moderation/reports/{report['id']}"
    statuses = await at_once(
        *(moderator.patch(path, json={"decision": "dismiss"}) for _ in range(MANY))
    )
    assert statuses == {200: 1, 409: MANY - 1}
    assert len(await moderator.items("/moderation/audit")) == 1


async def test_a_timeline_is_stable_while_people_post(ada: Person, grace: Person) -> None:
    await ada.follow(grace)
    expected = [(await grace.post_text(f"Post {number}"))["id"] for number in range(10)]
    done = asyncio.Event()

    async def post_until_done() -> None:
        while not done.is_set():
            await grace.post_text("New")

    posting = asyncio.create_task(post_until_done())
    seen: list[str] = []
    parameters: dict[str, object] = {"limit": 3}
    while "cursor" not in parameters or parameters["cursor"]:
        page = await ada.expect(200, "GET", "/timelines/home", params=parameters)
        seen += [item["id"] for item in page["items"]]
        parameters["cursor"] = page["nextCursor"]
    done.set()
    await posting
    assert len(set(seen)) == len(seen)
    assert [post_id for post_id in seen if post_id in expected] == expected[::-1]


async def test_who_meets_somebody_who_leaves_gets_an_answer(
    ada: Person, grace: Person, alan: Person
) -> None:
    post = await ada.post_text("Hello")
    path = f"{API}/posts/{post['id']}"
    reply = {"text": "Yes, @ada", "replyToId": post["id"]}
    statuses = await at_once(
        ada.request("DELETE", f"{API}/users/me", json={"password": PASSWORD}),
        ada.post(f"{API}/posts", json={"text": "More"}),
        ada.patch(path, json={"text": "Other"}),
        ada.delete(path),
        grace.put(f"{path}/like"),
        grace.put(f"{path}/repost"),
        grace.put(f"{path}/bookmark"),
        grace.post(f"{path}/reports", json={"reason": "spam"}),
        grace.post(f"{API}/posts", json=reply),
        grace.put(f"{API}/profiles/ada/follow"),
        alan.put(f"{API}/profiles/ada/mute"),
        alan.put(f"{API}/profiles/ada/block"),
    )
    assert max(statuses) < 500
    await grace.expect(404, "GET", "/profiles/ada")
