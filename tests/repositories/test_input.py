"""What clients send that they should not, made from the document, so for every idea."""

import json
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests.applications import Application
from tests.repositories import probes
from tests.repositories.caller import Call, Caller
from tests.repositories.conftest import Start
from tests.repositories.document import Document, Operation, Parameter, Schema
from tests.repositories.repository import Repository
from tests.repositories.services import Database

pytestmark = pytest.mark.check("input")

MEBIBYTE = 2**20
INJECTIONS = [
    "'; DROP TABLE users; --",
    '" OR 1=1 --',
    "{{7*7}}${7*7}<%= 7*7 %>#{7*7}",
    "<script>alert(1)</script>",
    "Robert\r\nSet-Cookie: forged=1",
    '\n{"forged": true}',
    "../../etc/passwd",
    "$(id)`id`|id",
]


@pytest.fixture(scope="module")
def document(repository: Repository) -> Document:
    """What the repository promises."""
    return Document.read(repository.path / "docs" / "openapi.yaml")


@pytest.fixture(scope="module")
def caller(
    repository: Repository, application: Application, document: Document, headers: dict[str, str]
) -> Caller:
    """A client of the application that knows the document."""
    return Caller(application, document, repository.conformance, headers)


def assert_none(complaints: Iterator[str | None]) -> None:
    found = list(dict.fromkeys(complaint for complaint in complaints if complaint))
    assert not found, f"{len(found)}:\n" + "\n".join(found[:40])


def test_every_value_has_a_limit(document: Document) -> None:
    found: list[str] = []
    for operation in document.operations.values():
        for parameter in operation.parameters:
            if parameter.place != "path":
                name = f"{operation.name} {parameter.name}"
                found += probes.unlimited(parameter.schema, name)
        if operation.body is not None:
            found += probes.unlimited(operation.body, operation.name)
    assert found == []


def test_the_examples_are_not_refused(caller: Caller) -> None:
    assert_none(
        caller.complaint(caller.example(operation), valid=True) for operation in caller.operations
    )


def test_each_limit_of_a_body_is_kept(caller: Caller) -> None:
    def complaints() -> Iterator[str | None]:
        for operation in caller.operations:
            if operation.body is not None:
                yield from body_complaints(caller, operation, operation.body)

    assert_none(complaints())


def body_complaints(caller: Caller, operation: Operation, schema: Schema) -> Iterator[str | None]:
    example = caller.example(operation)
    unsure = caller.conformance.requests.get(operation.name, {}).get("unsure", [])
    for path, inner in probes.places(schema, example.body):
        name = next((part for part in reversed(path) if isinstance(part, str)), "")
        for body, limit in changed_bodies(example.body, path, inner):
            valid: bool | None = None
            if probes.TOO_HUGE not in json.dumps(body):
                if not schema.allows(body) or not schema.allows(body, formats=True):
                    valid = False
                elif limit and name not in unsure:
                    valid = True
            yield caller.complaint(example.with_body(body), valid=valid)


def changed_bodies(
    example: Any, path: tuple[str | int, ...], schema: Schema
) -> Iterator[tuple[Any, bool]]:
    """Give bodies in which one value is changed, and whether it lies at a documented limit."""
    for value in probes.limits(schema):
        yield probes.placed(example, path, value), True
    values = list(probes.nonsense(schema))
    whole = value_at(example, path)
    if probes.is_number(schema):
        values.append(probes.TOO_HUGE)
    if isinstance(whole, list) and whole:
        values += probes.lists(schema, whole[0])
    if isinstance(whole, dict):
        values.append({**whole, "unknownField": 1})
        required = {key for keys in schema.all("required") for key in keys} & whole.keys()
        values += ({key: whole[key] for key in whole if key != left} for left in required)
    for value in values:
        yield probes.placed(example, path, value), False


def value_at(value: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        if isinstance(value, dict):
            value = value.get(part)
        else:
            value = value[part] if isinstance(value, list) and isinstance(part, int) else None
    return value


def test_each_limit_of_a_query_is_kept(caller: Caller) -> None:
    def complaints() -> Iterator[str | None]:
        for operation in caller.operations:
            example = caller.example(operation)
            unsure = caller.conformance.requests.get(operation.name, {}).get("unsure", [])
            for parameter in operation.parameters:
                if parameter.place == "query":
                    for text, allowed in query_values(parameter):
                        valid = None if allowed and parameter.name in unsure else allowed
                        query = {**example.query, parameter.name: text}
                        yield caller.complaint(replace(example, query=query), valid=valid)

    assert_none(complaints())


def query_values(parameter: Parameter) -> Iterator[tuple[str | bytes, bool | None]]:
    """Give texts for a parameter, and whether the document allows each."""
    schema = parameter.schema
    for value in probes.limits(schema):
        yield str(value), schema.allows(value)
    yield b"\xff\xfe", None
    yield "\0", False if schema.types <= {"integer", "number", "boolean"} else None
    if "array" in schema.types or not schema.types:
        yield "x" * 5000, None
        return
    for text in ("", "nonsense", "1.5", "1e400", str(10**30), "true", "null", "[]", "x" * 5000):
        yield text, read(schema, text)
    for name in schema.all("format"):
        for text in probes.NO_SUCH_FORMAT.get(name, []):
            if text and not schema.allows(text, formats=True):
                yield text, False


def read(schema: Schema, text: str) -> bool | None:
    """Tell whether the document allows a parameter's text; None where it may be read so or so."""
    if "string" in schema.types:
        return None if schema.allows(text) else False
    if schema.types & {"integer", "number"} and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return None if schema.allows(json.loads(text)) else False
    if not text or (schema.types & {"boolean", "null"} and text in {"true", "null"}):
        return None
    return False


def test_each_limit_of_a_header_is_kept(caller: Caller) -> None:
    def complaints() -> Iterator[str | None]:
        for operation in caller.operations:
            example = caller.example(operation)
            for parameter in operation.parameters:
                if parameter.place == "header":
                    for value in probes.limits(parameter.schema):
                        sent = {**example.headers, parameter.name: str(value)}
                        valid = parameter.schema.allows(value)
                        yield caller.complaint(replace(example, headers=sent), valid=valid or None)

    assert_none(complaints())


def test_a_path_may_hold_anything(caller: Caller) -> None:
    strange = ["nobody", "\0", "a" * 5000, "../..", "-1", str(10**30), "🥛", *INJECTIONS]

    def complaints() -> Iterator[str | None]:
        for operation in caller.operations:
            example = caller.example(operation)
            for name in example.path:
                for text in strange:
                    yield caller.complaint(replace(example, path={**example.path, name: text}))

    assert_none(complaints())


def deep(opening: str, closing: str) -> bytes:
    return (opening * 10_000 + "1" + closing * 10_000).encode()


def malformed(example: bytes) -> Iterator[bytes]:
    """Give bodies that are not JSON, or too deep or too large for anybody."""
    yield from (b"{", b'{"a": ', b"{'a': 1}", b'{"a": 1,}', b"nonsense", b"[1, 2", b'"', b"\0")
    yield from (example[:-1], example + b"}", example + example)
    yield from (b'{"a": "\xff\xfe"}', b"\xff\xfe\x00", example.decode().encode("utf-16"))
    yield from (deep("[", "]"), deep('{"a":', "}"), b"[" * 10_000)
    yield example[:1] + b" " * (2 * MEBIBYTE) + example[1:]
    yield b'{"a": "' + b"x" * (2 * MEBIBYTE) + b'"}'


def test_a_body_that_is_no_json_is_refused(caller: Caller) -> None:
    def complaints() -> Iterator[str | None]:
        for operation in caller.operations:
            if operation.body is not None:
                example = caller.example(operation)
                for body in malformed(json.dumps(example.body).encode()):
                    yield caller.complaint(example.with_body(body), valid=False)

    assert_none(complaints())


def test_a_strange_body_is_no_error_of_ours(caller: Caller) -> None:
    """What may be allowed or refused, but must be answered as documented."""

    def complaints() -> Iterator[str | None]:
        for operation in caller.operations:
            example = caller.example(operation)
            texts = [
                b"",
                b"\xff\xfe",
                b"\0",
                b"x" * 2 * MEBIBYTE,
                b"\xef\xbb\xbf{}",
                b'a\rb\nc,,""',
            ]
            for media in operation.bodies:
                for body in texts:
                    yield caller.complaint(example.with_body(body, media))
            for path, inner in (
                probes.places(operation.body, example.body) if operation.body else ()
            ):
                if path and "string" in inner.types:
                    text = json.dumps(probes.placed(example.body, path, "MARK"))
                    for inside in (r"\ud800", r"\ud800x\udc00", r"\u0000", r"\uffff", "\U0001f95b"):
                        body = text.replace('"MARK"', f'"{inside}"', 1).encode()
                        yield caller.complaint(example.with_body(body))

    assert_none(complaints())


def test_another_media_type_is_refused(caller: Caller) -> None:
    def complaints() -> Iterator[str | None]:
        for operation in caller.operations:
            if operation.body is None:
                continue
            example = caller.example(operation)
            body = json.dumps(example.body).encode()
            for media in ("text/plain", "application/xml", "image/png", "nonsense", "////"):
                if media not in operation.bodies:
                    yield caller.complaint(example.with_body(body, media), valid=False)
            yield caller.complaint(example.with_body(body, "application/json; charset=nonsense"))

    assert_none(complaints())


def raw(address: str, request: bytes) -> bytes:
    """Send bytes and return the beginning of what comes back."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        try:
            connection.sendall(request)
            return connection.recv(4096)
        except ConnectionError:
            return b""


def test_what_is_no_http_is_no_error_of_ours(caller: Caller) -> None:
    host = b"Host: localhost\r\n"
    for request in (
        b"\0\0\0\0\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n" + host + b"\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\n" + host + b"\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + host + b"\r\n",
        b"GET / HTTP/1.1\r\n" + host + b"X: " + b"a" * 100_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + host + b"X-Request-Id: a\0b\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + host + b"Content-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + host + b"Content-Length: nonsense\r\n\r\n",
        b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n",
    ):
        status = re.match(rb"HTTP/1\.1 (\d+)", raw(caller.application.address, request))
        assert status is None or int(status[1]) < 500, request[:80]
    caller.application.wait_until_ready(seconds=5)


def test_injections_come_back_as_data(caller: Caller) -> None:
    def complaints() -> Iterator[str | None]:
        for operation in caller.operations:
            if operation.body is None:
                continue
            example = caller.example(operation)
            for path, inner in probes.places(operation.body, example.body):
                for text in INJECTIONS if path and probes.is_text(inner) else ():
                    body = probes.placed(example.body, path, text)
                    if operation.body.allows(body):
                        yield injected(caller, example.with_body(body), str(path[-1]), text)

    assert_none(complaints())


def injected(caller: Caller, call: Call, name: str, text: str) -> str | None:
    """Say what became of a text that a property was given, if it is not the same text.

    White space may have changed: an application may trim, or write line ends in its own way.
    """
    answer = caller.send(call)
    place = f"{call.operation.name} {name}={text!r}: {answer.status}"
    if answer.status >= 500 or "forged" in (answer.headers.get("Set-Cookie") or ""):
        return place
    if answer.status >= 300 or answer.headers.get_content_type() != "application/json":
        return None
    back = list(named(answer.json, name))
    same = [value for value in back if isinstance(value, str) and value.split() == text.split()]
    return f"{place}, came back as {back!r}" if back and not same else None


def named(value: Any, name: str) -> Iterator[Any]:
    """Give all values under a name, at any depth."""
    if isinstance(value, dict):
        if name in value:
            yield value[name]
        for inner in value.values():
            yield from named(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from named(inner, name)


def test_the_log_has_one_line_for_each_request_and_none_is_forged(
    repository: Repository, document: Document, database: Database, start: Start
) -> None:
    application = start(database, {"LOG_FORMAT": "json", "LOG_LEVEL": "info"})
    account = repository.conformance.headers(application)
    caller = Caller(application, document, repository.conformance, account)
    sent = []
    for operation in caller.operations:
        example = caller.example(operation)
        for text in INJECTIONS:
            number = str(uuid4())
            agent = text.replace("\r", "").replace("\n", "")
            given = {**example.headers, "X-Request-Id": number, "User-Agent": agent}
            query = {**example.query, "injected": text}
            caller.send(replace(example, headers=given, query=query))
            sent.append(number)
            forged = {**given, "X-Request-Id": agent}
            caller.send(replace(example, path=dict.fromkeys(example.path, text), headers=forged))
    application.stop()
    lines = application.web.printed.splitlines()
    assert [line for line in lines if not is_record(line)] == []
    for number in sent:
        of_request = [json.loads(line) for line in lines if number in line]
        assert len([record for record in of_request if "status" in record]) == 1, of_request


def is_record(line: str) -> bool:
    """Tell whether a line is one JSON object that the application made."""
    try:
        record = json.loads(line)
    except ValueError:
        return False
    return isinstance(record, dict) and "forged" not in record
