"""What clients send and get."""

from typing import Annotated, Any

from pydantic import MISSING, AfterValidator, Field, WithJsonSchema

from app.schemas import TEXT_PATTERN, RequestBody, ResponseBody, Text
from app.texts import (
    SPACE,
    UNSEEN,
    documented,
    fitting,
    not_blank,
    required,
    trimmed,
)
from app.users.models import User

USERNAME_INSIDE = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029/]{0,48}"
USERNAME_PATTERN = rf"^[{SPACE}]*[^{UNSEEN}./]({USERNAME_INSIDE}[^{UNSEEN}/])?[{SPACE}]*$"
EMAIL_PATTERN = rf"^[^{UNSEEN}@]{{1,64}}@[^{UNSEEN}@]{{1,189}}$"
IMAGE_PATTERN = rf'^(https?://[^{UNSEEN}"<>]{{1,1990}})?$'
MIN_PASSWORD, MAX_PASSWORD = 8, 128


def _lower(text: str) -> str:
    return text.lower()


def _or_null(text: str | None) -> str | None:
    return text or None


Username = Annotated[
    Text,
    not_blank,
    AfterValidator(trimmed(50)),
    AfterValidator(fitting(USERNAME_PATTERN)),
    documented(USERNAME_PATTERN),
]
Email = Annotated[
    Text,
    not_blank,
    AfterValidator(fitting(EMAIL_PATTERN)),
    AfterValidator(_lower),
    documented(EMAIL_PATTERN, maxLength=254),
]
Password = Annotated[
    Text,
    Field(min_length=MIN_PASSWORD, max_length=MAX_PASSWORD),
    required,
    documented(TEXT_PATTERN, minLength=MIN_PASSWORD, maxLength=MAX_PASSWORD),
]
Bio = Annotated[
    Annotated[Text, Field(max_length=2000)] | None,
    AfterValidator(_or_null),
    WithJsonSchema(
        {"type": ["string", "null"], "maxLength": 2000, "pattern": TEXT_PATTERN},
        mode="validation",
    ),
]
Image = Annotated[
    Annotated[Text, AfterValidator(fitting(IMAGE_PATTERN))] | None,
    AfterValidator(_or_null),
    WithJsonSchema(
        {"type": ["string", "null"], "maxLength": 2000, "pattern": IMAGE_PATTERN}, mode="validation"
    ),
]


class NewUser(RequestBody):
    """A user to make."""

    username: Username
    email: Email
    password: Password


class NewUserRequest(RequestBody):
    """Somebody who registers."""

    user: Annotated[NewUser, required]


class UpdateUser(RequestBody):
    """The fields of the user to change; the others stay as they are."""

    username: Username | MISSING = MISSING
    email: Email | MISSING = MISSING
    password: Password | MISSING = MISSING
    bio: Bio | MISSING = MISSING
    image: Image | MISSING = MISSING
    # Front ends send the user back as they got it.
    token: Annotated[Any, Field(exclude=True)] = None


class UpdateUserRequest(RequestBody):
    """A user who changes themselves."""

    user: Annotated[UpdateUser, required]


class UserBody(ResponseBody):
    """The user who is logged in."""

    username: str
    email: str
    bio: str | None
    image: str | None
    token: str


class UserResponse(ResponseBody):
    """The user who is logged in."""

    user: UserBody

    @classmethod
    def of(cls, user: User, token: str) -> "UserResponse":
        """Return a user as they see themselves."""
        return cls(
            user=UserBody(
                username=user.username,
                email=user.email,
                bio=user.bio,
                image=user.image,
                token=token,
            )
        )
