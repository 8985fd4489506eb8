"""What the bodies and parameters of all resources have in common."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

# The range of the databases' integers.
MIN_INT32, MAX_INT32 = -(2**31), 2**31 - 1


class RequestBody(BaseModel):
    """A body from a client: camelCase names, no unknown fields, and no conversion of types."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True)


class ResponseBody(BaseModel):
    """A body for a client, with camelCase names."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)


class QueryParameters(BaseModel):
    """The query parameters of an operation, with camelCase names; others are ignored."""

    model_config = ConfigDict(alias_generator=to_camel)


def _storable(text: str) -> str:
    if "\0" in text:
        raise PydanticCustomError("text", "Must not contain the character U+0000.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError("text", "Must not contain half a surrogate pair.") from None
    return text


# JSON can say "\u0000", which PostgreSQL cannot store, and "\ud800", which UTF-8 cannot express.
Text = Annotated[str, AfterValidator(_storable)]
# The same for parameters, which cannot hold such surrogates, and for the document.
TEXT_PATTERN = r"^[^\x00]*$"


def _json_integer(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# In JSON 1.0 is the same number as 1: JavaScript could not even tell them apart.
json_integer = BeforeValidator(_json_integer)


def _boolean(value: object) -> bool:
    if value not in {"true", "false"}:
        raise PydanticCustomError("boolean", "Must be true or false.")
    return value == "true"


def _integer(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch("-?[0-9]+", value):
        raise PydanticCustomError("integer", "Must be a whole number.")
    return value


# Query parameters are text, and Pydantic takes more texts than the contract does: "yes" and "on",
# "1.0" and "1_000". Like json_integer these go after a field's other annotations.
strict_boolean = BeforeValidator(_boolean)
strict_integer = BeforeValidator(_integer)
