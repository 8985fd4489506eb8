"""What clients send to log in."""

from typing import Annotated

from pydantic import Field

from app.schemas import TEXT_PATTERN, RequestBody, Text
from app.texts import documented, required


class Credentials(RequestBody):
    """What proves who somebody is."""

    email: Annotated[
        Text,
        Field(max_length=254),
        required,
        documented(TEXT_PATTERN, minLength=1, maxLength=254),
    ]
    password: Annotated[
        Text,
        Field(max_length=128),
        required,
        documented(TEXT_PATTERN, minLength=1, maxLength=128),
    ]


class LoginRequest(RequestBody):
    """Somebody who logs in."""

    user: Annotated[Credentials, required]
