"""A client that knows the document: sends its examples, and judges the answers by it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from tests.applications import Application
from tests.repositories.document import JSON, Document, Operation, Schema, step
from tests.repositories.idea import Conformance, filled, pointed
from tests.repositories.probes import TOO_HUGE
from tests.web import Answer, Unanswered

# What says that a request itself is wrong, whatever the state of things.
REFUSALS = {400, 413, 414, 415, 422, 431}
LEAKS = re.compile(
    r"Traceback|File \\?\"|\.py\", line|node_modules|\n\s+at |SELECT .* FROM|INSERT INTO"
)


@dataclass(frozen=True)
class Call:
    """A request to an operation.

    Args:
        operation: The operation.
        path: Values of its path.
        query: Values of its query.
        headers: Headers beside those of the account.
        body: Its body: bytes as they are, all else as JSON; None is no body.
    """

    operation: Operation
    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    @property
    def target(self) -> str:
        """The path and query that are asked for."""
        path = re.sub(
            r"\{(\w+)\}",
            lambda found: quote(str(self.path.get(found[1], "nobody")), safe=""),
            self.operation.path,
        )
        return path + (f"?{urlencode(self.query, errors='surrogatepass')}" if self.query else "")

    def with_body(self, body: Any, media_type: str = JSON) -> "Call":
        """Return the same request with another body."""
        return replace(self, body=body, headers={**self.headers, "Content-Type": media_type})


def encoded(value: Any) -> bytes:
    """Return a value as JSON, with numbers that are too huge for any type of a number."""
    return json.dumps(value).replace(json.dumps(TOO_HUGE), "1e400").encode()


@dataclass(frozen=True)
class Caller:
    """A client of one application.

    Args:
        application: Which runs.
        document: What it promises.
        conformance: What its idea says.
        account: Headers of the demo account.
    """

    application: Application
    document: Document
    conformance: Conformance
    account: Mapping[str, str]

    @cached_property
    def operations(self) -> list[Operation]:
        """The operations that may be called at will."""
        excluded = self.conformance.excluded
        return [o for name, o in self.document.operations.items() if name not in excluded]

    def example(self, operation: Operation, depth: int = 4) -> Call:
        """Return a request to an operation as the document has it, on things that exist."""
        given = self.conformance.requests.get(operation.name, {})
        found: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
        for parameter in operation.parameters:
            if parameter.place in found and (parameter.required or parameter.place == "path"):
                found[parameter.place][parameter.name] = parameter.example
        if found["path"] and depth and "path" not in given:
            found["path"] |= self._made(operation, depth)
        headers = {**found["header"], **given.get("headers", {})}
        call = Call(
            operation,
            {**found["path"], **filled(given.get("path", {}))},
            {**found["query"], **given.get("query", {})},
            {name: str(value) for name, value in headers.items()},
        )
        if not operation.bodies:
            return call
        body = filled(given.get("body", operation.body_example))
        if operation.body is None:
            media = next(iter(operation.bodies))
            return call.with_body(str(body or "").encode(), media)
        return call.with_body(body)

    def _made(self, operation: Operation, depth: int) -> dict[str, Any]:
        """Make what the operation is about, by the links that lead to it."""
        for source, parameters in self.document.sources(operation.name):
            call = self.example(source, depth - 1)
            answer = self.send(call)
            if answer.status < 300:
                return {
                    name.rpartition(".")[2]: self._evaluated(expression, call, answer)
                    for name, expression in parameters.items()
                }
        return {}

    @staticmethod
    def _evaluated(expression: Any, call: Call, answer: Answer) -> Any:
        """Return the value of a link's expression."""
        kind, _, rest = str(expression).partition("#")
        if kind == "$response.body":
            return pointed(answer.json, rest)
        if kind == "$request.body":
            return pointed(call.body, rest)
        if kind.startswith("$request.path."):
            return call.path[kind.removeprefix("$request.path.")]
        if kind.startswith("$response.header."):
            return answer.headers[kind.removeprefix("$response.header.")]
        return expression

    def send(self, call: Call) -> Answer:
        """Send a request."""
        body = call.body if isinstance(call.body, bytes | None) else encoded(call.body)
        headers = {**self.account, **call.headers}
        return self.application.ask(call.operation.method, call.target, body, headers)

    def complaint(self, call: Call, *, valid: bool | None = None) -> str | None:
        """Send a request and say what is wrong with the answer; None where nothing is.

        Args:
            call: The request.
            valid: Whether the document allows it; None where it does not say.
        """
        operation = call.operation
        try:
            answer = self.send(call)
        except Unanswered as error:
            wrong: str | None = f"was not answered: {error}"
        else:
            wrong = fault(operation, answer)
            if wrong is None and valid is True and answer.status in REFUSALS:
                wrong = f"{answer.status} {answer.body[:300]!r}, though the document allows it"
            if wrong is None and valid is False and answer.status not in REFUSALS:
                wrong = f"{answer.status}, though the document forbids it"
        if wrong is None:
            return None
        sent = call.body if isinstance(call.body, bytes | None) else encoded(call.body)
        shown = f"{sent[:120]!r}{'...' if len(sent) > 120 else ''}" if sent is not None else ""
        return f"{operation.name} {operation.method} {call.target[:200]} {shown}: {wrong}"


def fault(operation: Operation, answer: Answer) -> str | None:
    """Say what is wrong with an answer, whatever was asked; None where nothing is."""
    text = answer.body.decode("utf-8", "replace")
    if answer.status >= 500:
        return f"{answer.status} {text[:300]}"
    if answer.status == 429:
        return "429: raise the limit in idea.yml, conformance: environment"
    if answer.status >= 400 and LEAKS.search(text):
        return f"{answer.status} tells too much: {text[:300]}"
    response = operation.response(answer.status)
    if response is None:
        return f"{answer.status} is not documented: {text[:200]}"
    return _other_body(operation, response, answer)


def _other_body(operation: Operation, response: Mapping[str, Any], answer: Answer) -> str | None:
    """Say how a body differs from what is documented; None where it does not."""
    content = response.get("content", {})
    media = answer.headers.get_content_type()
    text = answer.body.decode("utf-8", "replace")
    if content and text and media not in content:
        return f"{answer.status} has the type {media}"
    if media in content and "json" in media:
        pointer = step(response["pointer"], "content", media, "schema")
        if not Schema(operation.document, (pointer,)).allows(answer.json):
            return f"{answer.status} is not as documented: {text[:300]}"
    return None
