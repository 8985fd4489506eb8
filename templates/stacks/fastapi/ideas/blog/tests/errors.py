"""How tests look at errors, whatever the form of their bodies: here RealWorld's."""

import httpx


def assert_error(response: httpx.Response, status: int, detail: str | None = None) -> None:
    """Fail unless the answer is an error with this status, and this message if one is given."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    assert response.json().keys() == {"errors"}
    messages = [message for each in response.json()["errors"].values() for message in each]
    assert messages
    assert detail is None or messages == [detail]


def invalid_names(response: httpx.Response) -> list[str]:
    """Return the names of the invalid values that an answer tells; "" is the whole body."""
    return ["" if name == "request" else name for name in response.json()["errors"]]
