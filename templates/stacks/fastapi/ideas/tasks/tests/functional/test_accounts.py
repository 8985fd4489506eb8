"""Registration, addresses and passwords."""

import re
from datetime import timedelta

import httpx
import pytest
import time_machine

from app.settings import Settings
from tests.errors import assert_error, invalid_names
from tests.people import API, PASSWORD, Mailbox, NewClient, NewPerson, Team, Work, log_in

NEW = {"email": "ada@example.com", "displayName": "Ada Lovelace", "password": PASSWORD}


async def post(client: httpx.AsyncClient, path: str, body: object) -> httpx.Response:
    return await client.post(API + path, json=body)


def token_in(text: str) -> str:
    found = re.search(r"token=(\S+)", text)
    assert found
    return found[1]


class TestRegistration:
    async def test_somebody_registers_and_logs_in(self, client: httpx.AsyncClient) -> None:
        assert (await post(client, "/users", NEW)).status_code == 202
        await log_in(client, "ADA@example.com")
        me = (await client.get(f"{API}/users/me")).json()
        assert (me["email"], me["displayName"]) == ("ada@example.com", "Ada Lovelace")

    async def test_nobody_learns_whether_an_address_has_an_account(
        self, client: httpx.AsyncClient, work: Work, mailbox: Mailbox
    ) -> None:
        first = await post(client, "/users", NEW)
        again = await post(client, "/users", {**NEW, "password": "another-long-one"})
        assert (first.status_code, first.json()) == (again.status_code, again.json())
        await work()
        subjects = [mail.subject for mail in mailbox.to("ada@example.com")]
        assert subjects == ["Confirm your address", "You have an account already"]
        # The account is as it was.
        await log_in(client, "ada@example.com")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("email", "ada"),
            ("email", "a@" + "x" * 300),
            ("email", "a\0@example.com"),
            ("displayName", " "),
            ("displayName", "x" * 81),
            ("password", "short"),
            ("password", "password1"),
            ("password", 12345678),
            ("role", "owner"),
        ],
    )
    async def test_an_invalid_field_is_named(
        self, client: httpx.AsyncClient, field: str, value: object
    ) -> None:
        response = await post(client, "/users", {**NEW, field: value})
        assert response.status_code == 422
        assert invalid_names(response) == [field]

    async def test_one_address_makes_so_many_accounts_and_no_more(
        self, client: httpx.AsyncClient, settings: Settings
    ) -> None:
        assert settings.registration_limit == "3/hour"
        for _ in range(3):
            assert (await post(client, "/users", NEW)).status_code == 202
        assert (await post(client, "/users", NEW)).status_code == 429

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"registration_limit": "3/hour"})


class TestConfirmation:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"email_confirmation": True})

    async def test_the_link_of_the_mail_opens_the_account(
        self, client: httpx.AsyncClient, work: Work, mailbox: Mailbox
    ) -> None:
        await post(client, "/users", NEW)
        credentials = {"email": NEW["email"], "password": PASSWORD}
        assert (await post(client, "/sessions", credentials)).status_code == 401
        await work()
        (mail,) = mailbox.mails
        token = token_in(mail.text)
        assert (await post(client, "/users/confirm", {"token": token})).status_code == 204
        assert (await post(client, "/sessions", credentials)).status_code == 201
        # It works once.
        assert (await post(client, "/users/confirm", {"token": token})).status_code == 410

    async def test_the_newest_registration_for_an_address_counts(
        self, client: httpx.AsyncClient, work: Work, mailbox: Mailbox
    ) -> None:
        await post(client, "/users", {**NEW, "password": "somebody-elses-guess"})
        await work()
        await post(client, "/users", NEW)
        await work()
        old, new = (token_in(mail.text) for mail in mailbox.mails)
        assert (await post(client, "/users/confirm", {"token": old})).status_code == 410
        assert (await post(client, "/users/confirm", {"token": new})).status_code == 204
        await log_in(client, "ada@example.com")

    async def test_a_link_works_for_a_day(
        self, client: httpx.AsyncClient, work: Work, mailbox: Mailbox
    ) -> None:
        await post(client, "/users", NEW)
        await work()
        token = token_in(mailbox.mails[0].text)
        with time_machine.travel(timedelta(days=1, seconds=1), tick=False):
            response = await post(client, "/users/confirm", {"token": token})
        assert_error(response, 410, "This link does not work any more.")


@pytest.mark.parametrize("token", ["x", "0" * 32 + "-" + "0" * 64, "0" * 32])
async def test_a_token_that_was_never_sent_does_nothing(
    client: httpx.AsyncClient, token: str
) -> None:
    body = {"token": token, "password": PASSWORD}
    assert (await post(client, "/password-resets/confirm", body)).status_code == 410
    assert (await post(client, "/users/confirm", {"token": token})).status_code == 410


class TestReset:
    async def test_a_forgotten_password_is_replaced_and_ends_all_sessions(
        self, client: httpx.AsyncClient, team: Team, work: Work, mailbox: Mailbox
    ) -> None:
        email = team.member.email
        assert (await post(client, "/password-resets", {"email": email})).status_code == 202
        await work()
        token = token_in(mailbox.to(email)[0].text)
        body = {"token": token, "password": "a-new-long-one"}
        assert (await post(client, "/password-resets/confirm", body)).status_code == 204
        assert (await team.member.get("/users/me")).status_code == 401
        await log_in(client, email, "a-new-long-one")
        assert (await post(client, "/password-resets/confirm", body)).status_code == 410

    async def test_a_link_to_confirm_sets_no_password(
        self, client: httpx.AsyncClient, work: Work, mailbox: Mailbox
    ) -> None:
        await post(client, "/users", NEW)
        await work()
        body = {"token": token_in(mailbox.mails[0].text), "password": "a-new-long-one"}
        assert (await post(client, "/password-resets/confirm", body)).status_code == 410

    async def test_an_unknown_address_gets_the_same_answer_and_no_mail(
        self, client: httpx.AsyncClient, team: Team, work: Work, mailbox: Mailbox
    ) -> None:
        known = await post(client, "/password-resets", {"email": team.owner.email})
        unknown = await post(client, "/password-resets", {"email": "nobody@example.com"})
        assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())
        await work()
        assert [mail.to for mail in mailbox.mails] == [team.owner.email]

    async def test_nobody_is_flooded_with_mails(self, client: httpx.AsyncClient) -> None:
        for _ in range(5):
            await post(client, "/password-resets", {"email": "ada@example.com"})
        response = await post(client, "/password-resets", {"email": "ada@example.com"})
        assert response.status_code == 429


class TestMe:
    async def test_a_name_is_changed(self, new_person: NewPerson) -> None:
        ada = await new_person("Ada")
        assert (await ada.change("/users/me", {"displayName": "Countess"}))["displayName"]
        assert (await ada.read("/users/me"))["displayName"] == "Countess"

    @pytest.mark.parametrize("current", [{}, {"currentPassword": "a wrong guess"}])
    async def test_a_new_password_needs_the_current_one(
        self, new_person: NewPerson, current: dict[str, str]
    ) -> None:
        ada = await new_person("Ada")
        response = await ada.ask("PATCH", "/users/me", {"password": "a-new-long-one", **current})
        assert_error(response, 403, "The current password is missing or wrong.")

    async def test_a_new_password_ends_the_other_sessions(
        self, new_person: NewPerson, new_client: NewClient
    ) -> None:
        ada = await new_person("Ada")
        other = await new_client()
        await log_in(other, ada.email)
        await ada.change("/users/me", {"password": "a-new-long-one", "currentPassword": PASSWORD})
        assert (await other.get(f"{API}/users/me")).status_code == 401
        assert (await ada.get("/users/me")).status_code == 200
        await log_in(other, ada.email, "a-new-long-one")

    async def test_a_password_cannot_be_tried_for_ever(self, new_person: NewPerson) -> None:
        ada = await new_person("Ada")
        body = {"password": "a-new-long-one", "currentPassword": "a wrong guess"}
        answers = [(await ada.ask("PATCH", "/users/me", body)).status_code for _ in range(6)]
        assert answers == [403] * 5 + [429]
