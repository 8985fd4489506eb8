"""docs/openapi.yaml as something that answers can be held to."""

import re
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import httpx
import yaml
from jsonschema import Draft202012Validator

Json = dict[str, Any]
METHODS = {"get", "put", "post", "delete", "patch"}
# What a schema says to machines; the rest of it is for people.
KEYWORDS = {
    "type", "format", "const", "enum", "pattern", "default", "items", "properties", "required",
    "additionalProperties", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
}  # fmt: skip


@dataclass(frozen=True)
class Contract:
    """The operations of an OpenAPI document, by method and path, with all references resolved."""

    operations: dict[tuple[str, str], Json]

    @classmethod
    def read(cls, file: Path) -> "Contract":
        """Read a document from a YAML file."""
        return cls.of(yaml.safe_load(file.read_text(encoding="utf-8")))

    @classmethod
    def of(cls, document: Json) -> "Contract":
        """Take the operations out of a document."""
        paths = resolve(document["paths"], document)
        return cls(
            {
                (method.upper(), path): {
                    **operation,
                    "parameters": item.get("parameters", []) + operation.get("parameters", []),
                }
                for path, item in paths.items()
                for method, operation in item.items()
                if method in METHODS
            }
        )

    async def check(self, response: httpx.Response) -> None:
        """Fail when an answer of a documented operation is not as the document says."""
        operation = self._operation(response.request)
        if operation is None:
            return
        status = str(response.status_code)
        assert status in operation["responses"], f"{status} is not documented"
        documented = operation["responses"][status]
        for name, header in documented.get("headers", {}).items():
            assert name in response.headers or not header.get("required"), f"{name} is missing"
        content = documented.get("content", {})
        await response.aread()
        if not content:
            assert not response.content
            return
        media_type = response.headers["content-type"].partition(";")[0]
        assert media_type in content, f"{media_type} is not documented for {status}"
        if media_type.endswith("json"):
            Draft202012Validator(
                content[media_type]["schema"], format_checker=Draft202012Validator.FORMAT_CHECKER
            ).validate(response.json())

    def _operation(self, request: httpx.Request) -> Json | None:
        paths = [path for method, path in self.operations if method == request.method]
        # Where two fit, as in /things/newest and /things/{id}, the one with fewer names counts.
        for path in sorted(paths, key=lambda path: path.count("{")):
            pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
            if re.fullmatch(pattern, request.url.path):
                return self.operations[request.method, path]
        return None

    def summary(self) -> Json:
        """Return what two documents of the same API have in common, whoever wrote them."""
        return {
            f"{method} {path}": {
                "id": operation["operationId"],
                "parameters": {
                    f"{parameter['in']} {parameter['name']}": {
                        "required": parameter.get("required", False),
                        # A parameter that is left out is no null.
                        "schema": normalize(parameter["schema"], nullable=False),
                    }
                    for parameter in operation["parameters"]
                },
                "body": _contents(operation.get("requestBody", {})),
                "responses": {
                    status: {
                        "content": _contents(response),
                        "headers": sorted(
                            name
                            for name in response.get("headers", {})
                            # Every answer has it; middleware adds it, not the operation.
                            if name != "X-Request-Id"
                        ),
                    }
                    for status, response in operation["responses"].items()
                },
            }
            for (method, path), operation in self.operations.items()
        }


def resolve(node: Any, document: Json) -> Any:
    """Return the node with what its references point to in their place."""
    if isinstance(node, list):
        return [resolve(item, document) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        target: Any = reduce(lambda at, key: at[key], node["$ref"].split("/")[1:], document)
        return resolve(target, document)
    return {key: resolve(value, document) for key, value in node.items()}


def _contents(body: Json) -> Json:
    return {
        media_type: normalize(content["schema"])
        for media_type, content in body.get("content", {}).items()
    }


def normalize(schema: Json, *, nullable: bool = True) -> Json:
    """Return a schema in one of the ways in which it could be written."""
    normal = {key: value for key, value in _merge_parts(schema).items() if key in KEYWORDS}
    normal["type"] = sorted(name for name in normal["type"] if nullable or name != "null")
    if "required" in normal:
        normal["required"] = sorted(normal["required"])
    if "items" in normal:
        normal["items"] = normalize(normal["items"])
    if "properties" in normal:
        normal["properties"] = {
            name: normalize(value) for name, value in normal["properties"].items()
        }
    if normal.get("additionalProperties") is True:
        del normal["additionalProperties"]
    if normal.get("default", ...) is None:
        del normal["default"]
    return normal


def _merge_parts(schema: Json) -> Json:
    """Merge the parts of `allOf`, and of an `anyOf` that only adds null."""
    merged = {**schema, "type": _types(schema)}
    for part in map(_merge_parts, merged.pop("allOf", [])):
        merged = {
            **merged,
            **part,
            "required": [*merged.get("required", []), *part.get("required", [])],
            "properties": {**merged.get("properties", {}), **part.get("properties", {})},
        }
    for part in map(_merge_parts, merged.pop("anyOf", [])):
        merged = {**merged, **part, "type": [*merged["type"], *part["type"]]}
    return merged


def _types(schema: Json) -> list[str]:
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else types
