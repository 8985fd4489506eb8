"""A shop to look at."""

import asyncio
import subprocess
import sys

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.products.models import StockCorrection
from app.seed import main, read_seed, seed
from app.users.models import User
from tests.fixtures import ROOT, NewDatabase
from tests.shop import API


async def test_seeding_twice_is_seeding_once(app: FastAPI, client: httpx.AsyncClient) -> None:
    shop = read_seed()
    assert await seed(app.state.database, shop, with_accounts=True) == len(shop.products) >= 40
    assert await seed(app.state.database, shop, with_accounts=True) == 0
    assert (await client.get(f"{API}/products")).json()["total"] == len(shop.products)
    assert (await client.get(f"{API}/categories")).json()["total"] == len(shop.categories)


async def test_seeding_keeps_what_people_changed(
    app: FastAPI, staff: httpx.AsyncClient, session: AsyncSession
) -> None:
    await seed(app.state.database, read_seed(), with_accounts=False)
    url = f"{API}/products/{read_seed().products[0].slug}"
    changed = (await staff.patch(url, json={"price": 1})).json()
    await seed(app.state.database, read_seed(), with_accounts=False)
    assert (await staff.get(url)).json() == changed
    corrections = (await session.scalars(select(StockCorrection))).all()
    assert len(corrections) == len(read_seed().products)


async def test_the_accounts_can_log_in(app: FastAPI, visitor: httpx.AsyncClient) -> None:
    shop = read_seed()
    await seed(app.state.database, shop, with_accounts=True)
    for account in shop.accounts:
        credentials = {"email": account.email, "password": account.password}
        response = await visitor.post(f"{API}/login", json=credentials)
        assert response.json()["user"]["role"] == account.role
        visitor.headers["X-CSRF-Token"] = response.json()["csrfToken"]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("environment", ["development", "production"])
async def test_production_gets_no_account_whose_password_is_known(
    session: AsyncSession,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    environment: str,
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("ENVIRONMENT", environment)
    await main()
    assert capsys.readouterr().out == f"Added {len(read_seed().products)} products.\n"
    accounts = (await session.scalars(select(User.email))).all()
    assert bool(accounts) is (environment == "development")


def test_a_database_without_tables_is_one_clear_line(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_database())
    with pytest.raises(SystemExit, match="alembic upgrade head"):
        asyncio.run(main())


async def test_it_works_as_a_process_of_its_own(
    client: httpx.AsyncClient, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    seeding = [sys.executable, "-m", "app.seed"]
    done = await asyncio.to_thread(
        subprocess.run, seeding, cwd=ROOT, capture_output=True, text=True, check=True
    )
    added = (await client.get(f"{API}/products")).json()["total"]
    assert done.stdout == f"Added {added} products.\n"
