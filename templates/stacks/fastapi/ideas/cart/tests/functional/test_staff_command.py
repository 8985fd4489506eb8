"""`python -m app.staff`: how somebody becomes a member of staff."""

import subprocess
import sys

import httpx
import pytest

from app.staff import main
from tests.fixtures import ROOT
from tests.shop import API, log_in, register


@pytest.fixture(autouse=True)
def _configured(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)


async def test_an_account_becomes_staff_and_customer_again(
    visitor: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await log_in(visitor, await register(visitor, email="ada@example.com"))
    for arguments, role in [
        (["ADA@example.com"], "staff"),
        (["ada@example.com", "--remove"], "customer"),
    ]:
        await main(arguments)
        # At once: a session keeps no copy of the role.
        assert (await visitor.get(f"{API}/me")).json()["role"] == role
        assert capsys.readouterr().out == f"{arguments[0]} is {role} now.\n"


@pytest.mark.usefixtures("app")
async def test_an_unknown_address_is_one_clear_line() -> None:
    with pytest.raises(SystemExit, match="no account with the address nobody@"):
        await main(["nobody@example.com"])


@pytest.mark.usefixtures("app")
def test_it_works_as_a_process_of_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.staff", "nobody@example.com"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "There is no account with the address nobody@example.com.\n"
