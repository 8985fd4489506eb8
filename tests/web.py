"""HTTP as a client of any application speaks it: one request, and all of the answer."""

import http.client
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

SECONDS = 30.0


class Unanswered(Exception):  # noqa: N818 - it is what happened, as in `except Unanswered`
    """Nobody answered a request, or not to the end."""


def encoded(body: object) -> tuple[bytes, dict[str, str]]:
    """Return a body as JSON, and the header that says so."""
    return json.dumps(body).encode(), {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Answer:
    """What a server answered.

    Args:
        status: The status code.
        body: The body's bytes.
        headers: The headers, of any case; of several with one name the last.
    """

    status: int
    body: bytes
    headers: http.client.HTTPMessage

    @property
    def json(self) -> Any:
        """The body as JSON; None where there is no body."""
        return json.loads(self.body) if self.body else None


def ask(
    method: str,
    url: str,
    body: object = None,
    headers: Mapping[str, str] | None = None,
    *,
    seconds: float = SECONDS,
) -> Answer:
    """Send a request and return the answer, whatever its status; redirects are not followed.

    Args:
        method: The method.
        url: The absolute URL.
        body: Bytes are sent as they are, without a type; all else as JSON, None as no body.
        headers: Headers, which win over those that the body brings.
        seconds: How long to wait for each part of the answer.

    Raises:
        Unanswered: There was no complete answer.
    """
    parts = urlsplit(url)
    data, own = (body, {}) if isinstance(body, bytes | None) else encoded(body)
    connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = connect(parts.hostname or "", parts.port, timeout=seconds)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.connect()
        # A server may refuse a body before it has read it all.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request(method, target, data, {**own, **(headers or {})})
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(), answer.headers)
    except (OSError, http.client.HTTPException) as error:
        raise Unanswered(f"{method} {url}: {error!r}") from error
    finally:
        connection.close()


def status(url: str) -> int:
    """Return the status of a GET; 0 where nobody answers."""
    try:
        return ask("GET", url, seconds=5).status
    except Unanswered:
        return 0
