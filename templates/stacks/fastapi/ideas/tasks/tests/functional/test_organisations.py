"""Organisations, their members and invitations."""

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from app.organisations.models import Invitation
from tests.errors import assert_error
from tests.people import Mailbox, NewPerson, Team, Work, join


class TestOrganisation:
    async def test_its_members_see_it_by_name(self, team: Team) -> None:
        await team.owner.make("/organisations", {"name": "ärzte"})
        await team.owner.make("/organisations", {"name": "Zoo"})
        page = await team.owner.read("/organisations?pageSize=2")
        assert [item["name"] for item in page["items"]] == ["Analytical Engines", "Zoo"]
        assert page["total"] == 3
        seen = (await team.viewer.read("/organisations"))["items"]
        assert [(item["role"], item["memberCount"]) for item in seen] == [("viewer", 4)]

    async def test_its_name_is_changed(self, team: Team) -> None:
        changed = await team.admin.change(team.organisation, {"name": "Difference Engines"})
        assert changed["name"] == "Difference Engines"
        assert (await team.admin.change(team.organisation, {}))["name"] == "Difference Engines"

    async def test_it_is_deleted_with_everything_in_it(self, team: Team) -> None:
        task = await team.task(assigneeIds=[team.member.id])
        assert (await team.owner.ask("DELETE", team.organisation)).status_code == 204
        for path in (team.organisation, team.project, f"/tasks/{task['id']}"):
            assert_error(await team.owner.get(path), 404)
        assert (await team.owner.read("/organisations"))["total"] == 0

    async def test_a_name_that_is_none_is_refused(self, team: Team) -> None:
        for name in ("", " ", "x" * 101, "a\0b", None, 5):
            response = await team.owner.ask("POST", "/organisations", {"name": name})
            assert response.status_code == 422, name


class TestMembers:
    async def test_they_are_listed_by_name(self, team: Team) -> None:
        page = await team.viewer.read(f"{team.organisation}/members")
        names = [item["user"]["displayName"] for item in page["items"]]
        assert names == ["Ada", "Charles", "Grace", "Vera"]

    async def test_an_owner_makes_another_and_can_leave_then(self, team: Team) -> None:
        own = f"{team.organisation}/members/{team.owner.id}"
        assert (await team.owner.ask("PATCH", own, {"role": "admin"})).status_code == 409
        assert (await team.owner.ask("DELETE", own)).status_code == 409
        await team.owner.change(f"{team.organisation}/members/{team.admin.id}", {"role": "owner"})
        assert (await team.owner.ask("DELETE", own)).status_code == 204
        assert_error(await team.owner.get(team.organisation), 404)

    @pytest.mark.parametrize(("who", "role"), [("owner", "viewer"), ("admin", "member")])
    async def test_admins_do_not_change_those_above_or_beside_them(
        self, team: Team, new_person: NewPerson, who: str, role: str
    ) -> None:
        other = await new_person("Konrad")
        await join(team.owner, team.organisation, other, who)
        path = f"{team.organisation}/members/{other.id}"
        assert (await team.admin.ask("PATCH", path, {"role": role})).status_code == 403
        assert (await team.admin.ask("DELETE", path)).status_code == 403

    async def test_admins_make_no_admins(self, team: Team) -> None:
        path = f"{team.organisation}/members/{team.member.id}"
        assert (await team.admin.ask("PATCH", path, {"role": "admin"})).status_code == 403

    async def test_everybody_may_leave(self, team: Team) -> None:
        path = f"{team.organisation}/members/{team.viewer.id}"
        assert (await team.viewer.ask("DELETE", path)).status_code == 204

    async def test_the_tasks_of_somebody_who_leaves_stay_unassigned(self, team: Team) -> None:
        task = await team.task(assigneeIds=[team.member.id, team.admin.id])
        path = f"{team.organisation}/members/{team.member.id}"
        assert (await team.admin.ask("DELETE", path)).status_code == 204
        after = await team.owner.read(f"/tasks/{task['id']}")
        assert [user["id"] for user in after["assignees"]] == [team.admin.id]
        assert after["version"] == task["version"] + 1
        assert (await team.owner.read(f"/tasks/{task['id']}/watchers"))["items"] == []

    async def test_somebody_who_is_none_cannot_be_changed(self, team: Team) -> None:
        path = f"{team.organisation}/members/{team.outsider.id}"
        assert_error(await team.owner.ask("DELETE", path), 404, "There is no such member.")


class TestInvitations:
    async def test_a_mail_invites_and_the_invitation_makes_a_member(
        self, team: Team, work: Work, mailbox: Mailbox
    ) -> None:
        body = {"email": team.outsider.email.upper(), "role": "member"}
        made = await team.admin.make(f"{team.organisation}/invitations", body)
        await work()
        (mail,) = mailbox.to(team.outsider.email)
        assert "Charles invites you to Analytical Engines" in mail.text
        (found,) = (await team.outsider.read("/invitations"))["items"]
        assert found == made
        accepted = await team.outsider.ask("POST", f"/invitations/{made['id']}/accept")
        assert accepted.json()["role"] == "member"
        assert (await team.outsider.read("/invitations"))["total"] == 0
        again = await team.outsider.ask("POST", f"/invitations/{made['id']}/accept")
        assert_error(again, 404)

    async def test_somebody_elses_does_not_exist(self, team: Team, new_person: NewPerson) -> None:
        konrad = await new_person("Konrad")
        body = {"email": team.outsider.email, "role": "member"}
        made = await team.owner.make(f"{team.organisation}/invitations", body)
        assert (await konrad.ask("POST", f"/invitations/{made['id']}/accept")).status_code == 404
        assert (await konrad.ask("DELETE", f"/invitations/{made['id']}")).status_code == 404

    async def test_it_is_declined_or_withdrawn(
        self, team: Team, work: Work, mailbox: Mailbox
    ) -> None:
        path = f"{team.organisation}/invitations"
        body = {"email": team.outsider.email, "role": "member"}
        first = await team.owner.make(path, body)
        # The second replaces the first.
        second = await team.owner.make(path, {**body, "role": "viewer"})
        assert (await team.owner.read(path))["items"] == [second]
        declined = await team.outsider.ask("DELETE", f"/invitations/{first['id']}")
        assert declined.status_code == 404
        declined = await team.outsider.ask("DELETE", f"/invitations/{second['id']}")
        assert declined.status_code == 204
        third = await team.owner.make(path, body)
        withdrawn = await team.admin.ask("DELETE", f"{path}/{third['id']}")
        assert withdrawn.status_code == 204
        assert (await team.owner.read(path))["total"] == 0
        await work()
        # What has ended meanwhile is not sent any more.
        assert mailbox.mails == []

    async def test_it_is_over_after_a_week(self, team: Team, app: FastAPI) -> None:
        body = {"email": team.outsider.email, "role": "member"}
        made = await team.owner.make(f"{team.organisation}/invitations", body)
        async with app.state.database.session() as session:
            await session.execute(update(Invitation).values(expires_at=Invitation.created_at))
            await session.commit()
        assert (await team.outsider.read("/invitations"))["total"] == 0
        answer = await team.outsider.ask("POST", f"/invitations/{made['id']}/accept")
        assert_error(answer, 404)

    async def test_nobody_gives_more_than_they_may(self, team: Team) -> None:
        for role, status in [("owner", 403), ("admin", 403), ("member", 201)]:
            body = {"email": f"{role}@example.com", "role": role}
            answer = await team.admin.ask("POST", f"{team.organisation}/invitations", body)
            assert answer.status_code == status

    async def test_a_member_is_not_invited_again(self, team: Team) -> None:
        body = {"email": team.viewer.email, "role": "member"}
        answer = await team.owner.ask("POST", f"{team.organisation}/invitations", body)
        assert_error(answer, 409, "Somebody with this address is a member already.")
