"""What clients send and get."""

import re
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import MISSING, AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.schemas import RequestBody, ResponseBody, Text
from app.short_links.codes import CODE_PATTERN, is_reserved
from app.short_links.models import Link
from app.short_links.targets import MAX_HOST, MAX_URL, TargetError, normalize_url

# RFC 3339, section 5.6.
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})",
    re.IGNORECASE,
)


FIRST_MOMENT, LAST_MOMENT = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def _normalized(text: str) -> str:
    try:
        return normalize_url(text)
    except TargetError as error:
        raise PydanticCustomError("url", "{reason}", {"reason": str(error)}) from None


def _not_reserved(alias: str) -> str:
    if is_reserved(alias):
        raise PydanticCustomError("alias", "Is a path of this service.")
    return alias


def _moment(value: object) -> object:
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        raise PydanticCustomError("moment", "Must be a date and time such as 2027-01-01T00:00:00Z.")
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError:
        raise PydanticCustomError("moment", "Must be a date and time that exists.") from None
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        # In UTC it is in the year 0 or 10000: the nearest moment that can be stored.
        return FIRST_MOMENT if moment.year == 1 else LAST_MOMENT


# Part of what normalize_url() checks, for the document.
URL_PATTERN = rf"^[Hh][Tt][Tt][Pp][Ss]?://[^/?#]{{1,{MAX_HOST}}}([/?#]|$)"

Code = Annotated[str, Field(pattern=f"^{CODE_PATTERN}$")]
TargetUrl = Annotated[
    Text,
    Field(max_length=MAX_URL, json_schema_extra={"format": "iri", "pattern": URL_PATTERN}),
    AfterValidator(_normalized),
]
Uri = Annotated[str, Field(json_schema_extra={"format": "uri"})]
ExpiresAt = Annotated[datetime, BeforeValidator(_moment)] | None


class NewLink(RequestBody):
    """A link to create."""

    url: TargetUrl
    alias: Annotated[Code, AfterValidator(_not_reserved)] | MISSING = MISSING
    expires_at: ExpiresAt = None


class LinkChanges(RequestBody):
    """The fields of a link to change; the others stay as they are."""

    url: TargetUrl | MISSING = MISSING
    expires_at: ExpiresAt | MISSING = MISSING


class LinkBody(ResponseBody):
    """A link as it is stored."""

    id: UUID
    url: Annotated[str, Field(max_length=MAX_URL, json_schema_extra={"format": "uri"})]
    short_code: Code
    short_url: Uri
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    access_count: Annotated[int, Field(ge=0)]

    @classmethod
    def of(cls, link: Link, base_url: str) -> "LinkBody":
        """Return a stored link as clients see it at the service with this address."""
        return cls(
            id=link.id,
            url=link.url,
            short_code=link.short_code,
            short_url=f"{base_url}/{link.short_code}",
            created_at=link.created_at,
            updated_at=link.updated_at,
            expires_at=link.expires_at,
            access_count=link.access_count,
        )
