"""How tests look at errors, whatever the form of their bodies: here problem details."""

from typing import Any

import httpx


def assert_error(response: httpx.Response, status: int, detail: str | None = None) -> None:
    """Fail unless the answer is an error with this status, and this message if one is given."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert detail in {None, problem["detail"]}


def invalid_names(response: httpx.Response) -> list[str]:
    """Return the names of the invalid values that an answer tells; "" is the whole body."""
    errors: list[dict[str, Any]] = response.json()["errors"]
    return [
        error["parameter"] if "parameter" in error else error["pointer"].strip("#/")
        for error in errors
    ]
