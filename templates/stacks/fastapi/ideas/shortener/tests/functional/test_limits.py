"""How many requests a client may send."""

import httpx
import pytest

from app.settings import Settings
from tests.errors import assert_error
from tests.helpers import LINKS, SECRET, TOKENS, bearer, create_link, create_token


class TestByToken:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"rate_limit_per_token": "3/minute"})

    async def test_a_token_that_asks_too_often_has_to_wait(
        self, client: httpx.AsyncClient, owner: httpx.AsyncClient
    ) -> None:
        code = (await create_link(owner))["shortCode"]
        for _ in range(2):
            assert (await owner.get(LINKS)).status_code == 200
        response = await owner.get(LINKS)
        assert_error(response, 429)
        assert 1 <= int(response.headers["retry-after"]) <= 60
        # Others need not.
        stranger = bearer(await create_token(client))
        assert (await client.get(LINKS, headers=stranger)).status_code == 200
        assert (await client.get(f"/{code}")).status_code == 302


class TestByAddress:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"rate_limit_per_address": "3/minute"})

    @pytest.mark.parametrize("path", ["/no-such-code", "/no-such-code.png", LINKS, TOKENS])
    async def test_every_request_counts(self, client: httpx.AsyncClient, path: str) -> None:
        for _ in range(3):
            assert (await client.get(path)).status_code in {401, 404}
        response = await client.get(path)
        assert_error(response, 429)
        assert 1 <= int(response.headers["retry-after"]) <= 60

    async def test_nobody_can_try_secrets_for_ever(self, client: httpx.AsyncClient) -> None:
        for number in range(3):
            assert_error(await client.get(TOKENS, headers=bearer(f"guess {number}")), 401)
        assert_error(await client.get(TOKENS, headers=bearer(SECRET)), 429)

    async def test_health_is_not_limited(self, client: httpx.AsyncClient) -> None:
        for _ in range(5):
            assert (await client.get("/health/live")).status_code == 200
