"""docs/openapi.yaml is written by hand; the application serves a document of its own."""

import httpx

from app.main import create_app
from app.settings import Settings
from tests.contract import Contract


def test_the_served_document_agrees_with_the_contract(
    settings: Settings, contract: Contract
) -> None:
    served = Contract.of(create_app(settings).openapi())
    assert served.summary() == contract.summary()


async def test_the_document_is_served(client: httpx.AsyncClient, contract: Contract) -> None:
    document = (await client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert Contract.of(document).operations.keys() == contract.operations.keys()
