from tests.people import Team, Work, Mailbox

async def test_smoke(team: Team, work: Work, mailbox: Mailbox) -> None:
    t = await team.task(labels=["b", "a"], assigneeIds=[team.member.id], dueDate="2020-01-01")
    assert t["labels"] == ["a", "b"]
    c = await team.owner.make(f"/tasks/{t['id']}/comments", {"text": f"@{team.viewer.email} hi"})
    await team.owner.change(f"/comments/{c['id']}", {"text": "x"}) 
    await team.owner.change(f"/tasks/{t['id']}", {"status": "in_progress", "parentId": None, "labels": ["z"], "assigneeIds": [team.admin.id]})
    await work()
    print((await team.member.read("/notifications")))
    print((await team.viewer.read("/notifications"))["items"])
    print([m.subject for m in mailbox.mails])
    print((await team.owner.read(f"{team.organisation}/audit?limit=2")))
    r = await team.owner.ask("GET", f"{team.organisation}/audit", Accept="text/csv")
    print(r.text)
    for sort in ["dueDate","-dueDate","priority","-createdAt","updatedAt"]:
        await team.task("second " + sort)
        a = await team.member.read(f"/tasks?sort={sort}&limit=1")
        b = await team.member.read(f"/tasks?sort={sort}&limit=1&cursor={a['nextCursor']}")
        assert a["items"][0]["id"] != b["items"][0]["id"]
    r = await team.member.ask("POST", "/tasks/bulk", {"taskIds":[t["id"]],"changes":{"priority":"low"}})
    assert r.status_code == 200, r.text
    print((await team.member.ask("PATCH", f"/tasks/{t['id']}", {"title":"x"}, **{"If-Match": '"x"'})).json())
    r = await team.member.ask("POST", f"/tasks/{t['id']}/move", {"after": None}); assert r.status_code == 200
    for p in (f"{team.project}/roles", f"{team.organisation}/members", f"{team.organisation}/projects", "/organisations", f"{team.organisation}/invitations", "/invitations?page=2"):
        await team.owner.read(p)
    r = await team.owner.ask("PUT", f"{team.project}/roles/{team.member.id}", {"role":"viewer"}); assert r.status_code == 200, r.text
    assert (await team.owner.read(f"{team.project}/roles"))["total"] == 1
    r = await team.owner.ask("DELETE", f"{team.project}/roles/{team.member.id}"); assert r.status_code == 204, r.text
    r = await team.owner.ask("DELETE", f"{team.organisation}/members/{team.admin.id}"); assert r.status_code == 204, r.text
    r = await team.owner.ask("DELETE", f"/tasks/{t['id']}"); assert r.status_code == 204, r.text
    r = await team.owner.ask("DELETE", team.project); assert r.status_code == 204, r.text
    r = await team.owner.ask("DELETE", team.organisation); assert r.status_code == 204, r.text
