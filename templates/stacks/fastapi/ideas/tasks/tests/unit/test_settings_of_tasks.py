"""What only this application has to configure."""

import pytest
from pydantic import ValidationError

from app.settings import Settings


def test_in_production_addresses_are_always_confirmed() -> None:
    assert not Settings().confirms_email
    assert Settings(email_confirmation=True).confirms_email
    production = Settings(
        environment="production",
        database_url="postgresql://tasks:secret@localhost/tasks",
        secret_key="x" * 32,
    )
    assert production.confirms_email


@pytest.mark.parametrize("url", ["", "example.com", "javascript:alert(1)"])
def test_links_in_mails_lead_to_a_web_address(url: str) -> None:
    with pytest.raises(ValidationError):
        Settings(frontend_url=url)


@pytest.mark.parametrize("limit", ["", "many", "5 per blue moon"])
def test_a_limit_that_is_none_is_refused(limit: str) -> None:
    with pytest.raises(ValidationError):
        Settings(login_limit=limit)
