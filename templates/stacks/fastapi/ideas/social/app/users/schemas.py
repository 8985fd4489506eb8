"""What clients send and get about their own account."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import MISSING, AfterValidator, Field, JsonValue
from pydantic_core import PydanticCustomError

from app.common_passwords import uncommon
from app.media.schemas import MediaBody
from app.schemas import RequestBody, ResponseBody, Text
from app.texts import HANDLE, Bio, DisplayName

MAX_PASSWORD = 128
# Names that would look as if they spoke for the service, or like an address of it.
RESERVED = {
    "about", "abuse", "account", "admin", "administrator", "api", "contact", "everyone",
    "health", "help", "home", "info", "login", "logout", "mail", "me", "media", "mod",
    "moderation", "moderator", "moderators", "null", "official", "posts", "profile", "profiles",
    "register", "root", "search", "security", "service", "session", "sessions", "settings",
    "staff", "status", "support", "system", "team", "timeline", "undefined", "user", "users",
    "webmaster", "www",
}  # fmt: skip
# As HTML's <input type="email"> checks it.
_DOMAIN_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL_PATTERN = rf"^[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_DOMAIN_LABEL}(\.{_DOMAIN_LABEL})*$"
EMAIL: dict[str, JsonValue] = {"format": "email", "pattern": EMAIL_PATTERN}


def _checked_email(text: str) -> str:
    if not re.fullmatch(EMAIL_PATTERN, text):
        raise PydanticCustomError("email", "Must be an e-mail address such as ada@example.com.")
    return text.lower()


def _checked_handle(handle: str) -> str:
    handle = handle.lower()
    if handle in RESERVED:
        raise PydanticCustomError("handle", "Is a reserved word.")
    return handle


Email = Annotated[
    Text,
    Field(min_length=3, max_length=254, json_schema_extra=EMAIL),
    AfterValidator(_checked_email),
]
Handle = Annotated[str, Field(pattern=f"^{HANDLE}$"), AfterValidator(_checked_handle)]
NewPassword = Annotated[Text, Field(min_length=8, max_length=MAX_PASSWORD), uncommon]
# A password to compare with: one that could not be chosen is only wrong.
Password = Annotated[Text, Field(max_length=MAX_PASSWORD)]


class NewUser(RequestBody):
    """An account to make."""

    email: Email
    handle: Handle
    display_name: DisplayName | MISSING = MISSING
    password: NewPassword


class MeChanges(RequestBody):
    """The fields to change; the others stay as they are."""

    handle: Handle | MISSING = MISSING
    display_name: DisplayName | MISSING = MISSING
    bio: Bio | MISSING = MISSING
    avatar_id: Annotated[UUID | None, Field(strict=False)] | MISSING = MISSING
    private: bool | MISSING = MISSING
    password: NewPassword | MISSING = MISSING
    current_password: Password | MISSING = MISSING


class Deletion(RequestBody):
    """The proof that it is meant."""

    password: Password | MISSING = MISSING


class MeBody(ResponseBody):
    """An account as its owner sees it."""

    id: UUID
    email: Annotated[str, Field(json_schema_extra={"format": "email"})] | None
    handle: str
    display_name: str
    bio: str
    avatar: MediaBody | None
    private: bool
    role: Literal["user", "moderator"]
    has_password: bool
    created_at: datetime


class ExportBody(ResponseBody):
    """Everything about an account."""

    profile: MeBody
    posts: list[dict[str, Any]]
    media: list[dict[str, Any]]
    likes: list[dict[str, Any]]
    reposts: list[dict[str, Any]]
    bookmarks: list[dict[str, Any]]
    following: list[dict[str, Any]]
    followers: list[dict[str, Any]]
    blocks: list[dict[str, Any]]
    mutes: list[dict[str, Any]]
    notifications: list[dict[str, Any]]
    sessions: list[dict[str, Any]]
    identities: list[dict[str, Any]]
    reports: list[dict[str, Any]]
