"""What an idea's `conformance:` says: how to log in, and its main requests."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

from tests.applications import Application


@dataclass(frozen=True)
class Request:
    """A request that an idea names, and the SQL which a bare handler does for it.

    In the path and in every string of the body `{uuid}` and `{token}` stand for values which
    are new in each request, so that the same request can be sent many times.
    """

    method: str
    path: str
    body: Any
    sql: list[str]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Request":
        """Return the request that idea.yml describes."""
        sql = data.get("sql", [])
        body = data.get("body")
        return cls(data["method"], data["path"], body, [sql] if isinstance(sql, str) else sql)

    def fresh(self) -> "Request":
        """Return the same request with new values."""
        return Request(self.method, filled(self.path), filled(self.body), self.sql)

    @property
    def table(self) -> str:
        """The table that it writes to, by its SQL."""
        found = re.search(r"INSERT\s+INTO\s+(\S+?)\s*\(", " ".join(self.sql), re.IGNORECASE)
        assert found, f"{self.method} {self.path}: its sql has no INSERT INTO"
        return found[1]


def filled(value: Any) -> Any:
    """Return a value with `{uuid}` and `{token}` replaced in every string."""
    if isinstance(value, str):
        return value.replace("{uuid}", str(uuid4())).replace("{token}", secrets.token_hex(8))
    if isinstance(value, list):
        return [filled(item) for item in value]
    if isinstance(value, dict):
        return {key: filled(item) for key, item in value.items()}
    return value


def pointed(document: Any, pointer: str) -> Any:
    """Return what a JSON pointer (RFC 6901) points to."""
    for token in pointer.removeprefix("#").split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        document = document[int(key) if isinstance(document, list) else key]
    return document


@dataclass(frozen=True)
class Conformance:
    """The key `conformance:` of an idea.yml."""

    data: Mapping[str, Any]

    @property
    def environment(self) -> dict[str, str]:
        """Variables for the application under test, such as rate limits that nobody reaches."""
        return {name: str(value) for name, value in self.data.get("environment", {}).items()}

    @property
    def excluded(self) -> list[str]:
        """Operations that would lock the tests out."""
        return list(self.data.get("exclude", []))

    @property
    def requests(self) -> Mapping[str, Any]:
        """Examples of requests by operation, where the document's do not do."""
        return dict(self.data.get("requests", {}))

    @property
    def read(self) -> Request | None:
        """The main read."""
        return Request.of(self.data["read"]) if "read" in self.data else None

    @property
    def write(self) -> Request | None:
        """The main write."""
        return Request.of(self.data["write"]) if "write" in self.data else None

    def headers(self, application: Application) -> dict[str, str]:
        """Log in, and return the headers that a request of the demo account carries."""
        headers = dict(self.data.get("headers", {}))
        cookies: dict[str, str] = {}
        login = self.data.get("login", [])
        steps = [*([login] if isinstance(login, dict) else login), *self.data.get("setup", [])]
        for step in steps:
            request = Request.of(step).fresh()
            sent = {**headers, **step.get("headers", {})}
            answer = application.ask(request.method, request.path, request.body, sent)
            told = f"{request.method} {request.path}: {answer.status} {answer.body!r}"
            assert answer.status < 400, told
            for line in answer.headers.get_all("Set-Cookie", []):
                cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            if cookies:
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
            if "token" in step:
                token = pointed(answer.json, step["token"])
                headers[step["header"]] = step["value"].replace("{token}", str(token))
        return headers
