"""An OpenAPI document: its operations, examples and links, and its schemas as the judge."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import jsonschema_rs
import yaml

from tests.repositories.idea import pointed

METHODS = ("get", "post", "put", "patch", "delete")
JSON = "application/json"


def step(pointer: str, *tokens: str | int) -> str:
    """Return a JSON pointer made longer."""
    escaped = (str(token).replace("~", "~0").replace("/", "~1") for token in tokens)
    return "/".join([pointer, *escaped])


@dataclass(frozen=True)
class Schema:
    """What a document says about a value.

    Args:
        document: The document.
        pointers: Where it says so; in several places where a value has several schemas.
    """

    document: "Document"
    pointers: tuple[str, ...]

    @cached_property
    def views(self) -> list[str]:
        """Pointers to all that is said: through references, and to parts of all, any and one."""
        return list(dict.fromkeys(view for pointer in self.pointers for view in self._of(pointer)))

    def _of(self, pointer: str) -> Iterator[str]:
        here = self.document.follow(pointer)
        yield here
        node = pointed(self.document.data, here)
        for word in ("allOf", "anyOf", "oneOf"):
            for number in range(len(node.get(word, []))):
                yield from self._of(step(here, word, number))

    def _nodes(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        return ((view, pointed(self.document.data, view)) for view in self.views)

    def all(self, word: str) -> list[Any]:
        """Return what all views say under a keyword."""
        return [node[word] for _, node in self._nodes() if word in node]

    @cached_property
    def types(self) -> set[str]:
        """The types that values may have, by name; empty where nothing is said."""
        said = self.all("type")
        return {name for names in said for name in ([names] if isinstance(names, str) else names)}

    @cached_property
    def properties(self) -> dict[str, "Schema"]:
        """The properties of an object."""
        found: dict[str, list[str]] = {}
        for view, node in self._nodes():
            for name in node.get("properties", {}):
                found.setdefault(name, []).append(step(view, "properties", name))
        return {name: Schema(self.document, tuple(where)) for name, where in found.items()}

    @cached_property
    def items(self) -> "Schema | None":
        """The items of an array."""
        found = tuple(step(view, "items") for view, node in self._nodes() if "items" in node)
        return Schema(self.document, found) if found else None

    def allows(self, value: Any, *, formats: bool = False) -> bool:
        """Tell whether a value is valid; with formats, they are rules and not remarks."""
        valid: bool = self.document.judge(self.pointers, formats=formats).is_valid(value)
        return valid


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation."""

    name: str
    place: str
    required: bool
    schema: Schema
    example: Any


@dataclass(frozen=True)
class Operation:
    """An operation of a document."""

    document: "Document"
    pointer: str
    path: str
    method: str

    @cached_property
    def node(self) -> Mapping[str, Any]:
        """What the document says about it."""
        node: Mapping[str, Any] = pointed(self.document.data, self.pointer)
        return node

    @property
    def name(self) -> str:
        """Its operationId."""
        return str(self.node["operationId"])

    @cached_property
    def parameters(self) -> list[Parameter]:
        """Its parameters, with those of its path."""
        found = {}
        above = self.pointer.rpartition("/")[0]
        for owner in (above, self.pointer):
            for number in range(len(pointed(self.document.data, owner).get("parameters", []))):
                pointer = self.document.follow(step(owner, "parameters", number))
                node = pointed(self.document.data, pointer)
                schema = Schema(self.document, (step(pointer, "schema"),))
                found[node["name"], node["in"]] = Parameter(
                    node["name"],
                    node["in"],
                    node.get("required", False),
                    schema,
                    example_of(self.document, node, schema),
                )
        return list(found.values())

    @cached_property
    def bodies(self) -> dict[str, Schema | None]:
        """Media types of its body, with the schema of each."""
        if "requestBody" not in self.node:
            return {}
        pointer = self.document.follow(step(self.pointer, "requestBody"))
        content = pointed(self.document.data, pointer)["content"]
        return {
            name: Schema(self.document, (step(pointer, "content", name, "schema"),))
            if "schema" in media
            else None
            for name, media in content.items()
        }

    @property
    def body(self) -> Schema | None:
        """The schema of its JSON body."""
        return self.bodies.get(JSON)

    @cached_property
    def body_example(self) -> Any:
        """The first example of its body."""
        pointer = self.document.follow(step(self.pointer, "requestBody"))
        media, schema = next(iter(self.bodies.items()))
        node = pointed(self.document.data, step(pointer, "content", media))
        return example_of(self.document, node, schema)

    def response(self, status: int) -> Mapping[str, Any] | None:
        """Return the response that is documented for a status, if one is."""
        responses = self.node["responses"]
        for name in (str(status), f"{status // 100}XX", "default"):
            if name in responses:
                pointer = self.document.follow(step(self.pointer, "responses", name))
                node: Mapping[str, Any] = pointed(self.document.data, pointer)
                return {**node, "pointer": pointer}
        return None

    def links(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Give the operations that its answers lead to, with the expressions of parameters."""
        for status, response in self.node["responses"].items():
            if not str(status).startswith("2"):
                continue
            node = self.document.followed(response)
            for link in map(self.document.followed, node.get("links", {}).values()):
                yield link.get("operationId", ""), link.get("parameters", {})


def example_of(document: "Document", node: Mapping[str, Any], schema: Schema | None) -> Any:
    """Return the first example of a parameter or a media type; None without one."""
    if "example" in node:
        return node["example"]
    for example in node.get("examples", {}).values():
        return document.followed(example).get("value")
    for word in ("example", "examples", "default"):
        for said in schema.all(word) if schema else []:
            return said[0] if word == "examples" else said
    return None


@dataclass(frozen=True)
class Document:
    """An OpenAPI document.

    Args:
        data: Its content, as JSON would have it.
    """

    data: Mapping[str, Any] = field(hash=False)
    _judges: dict[tuple[tuple[str, ...], bool], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def read(cls, path: Path) -> "Document":
        """Read it from YAML; dates become the text that they are in JSON."""
        return cls(json.loads(json.dumps(yaml.safe_load(path.read_text("utf-8")), default=str)))

    def judge(self, pointers: tuple[str, ...], *, formats: bool) -> Any:
        """Return the validator of what is said in some places: made once, for that takes long."""
        key = (pointers, formats)
        if key not in self._judges:
            schema = {**self.data, "allOf": [{"$ref": "#" + quote(place)} for place in pointers]}
            make = jsonschema_rs.Draft202012Validator
            self._judges[key] = make(schema, validate_formats=formats)
        return self._judges[key]

    def follow(self, pointer: str) -> str:
        """Return where a pointer leads in the end, through references."""
        node = pointed(self.data, pointer)
        return self.follow(unquote(node["$ref"][1:])) if "$ref" in node else pointer

    def followed(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a node, or what it refers to."""
        if "$ref" not in node:
            return node
        return self.followed(pointed(self.data, unquote(node["$ref"][1:])))

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """All operations by their names."""
        found = {}
        for path, item in self.data["paths"].items():
            for method in METHODS:
                if method in item:
                    pointer = step("/paths", path, method)
                    operation = Operation(self, pointer, path, method.upper())
                    found[operation.name] = operation
        return found

    def sources(self, name: str) -> Iterator[tuple[Operation, Mapping[str, str]]]:
        """Give the operations whose answers lead to one, with the expressions of parameters."""
        for operation in self.operations.values():
            for target, parameters in operation.links():
                if target == name and operation.name != name:
                    yield operation, parameters
