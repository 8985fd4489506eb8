"""What clients get about each other."""

from datetime import datetime
from typing import Annotated, Protocol

from pydantic import Field

from app.cursors import CursorPage, CursorParameters
from app.lists import AnyRow, Listed
from app.media.schemas import Url, url_of
from app.schemas import ResponseBody
from app.texts import ShortSearchText

Count = Annotated[int, Field(ge=0)]


class Shown(Protocol):
    """What a profile in short is made of: a stored account, or a row with these columns."""

    @property
    def handle(self) -> str: ...

    @property
    def display_name(self) -> str: ...

    @property
    def avatar_file(self) -> str | None: ...

    @property
    def private(self) -> bool: ...


class ProfileSummary(ResponseBody):
    """A profile in short."""

    handle: str
    display_name: str
    avatar_url: Url | None
    private: bool

    @classmethod
    def of(cls, user: Shown) -> "ProfileSummary":
        """Return a stored account as others see it."""
        return cls(
            handle=user.handle,
            display_name=user.display_name,
            avatar_url=avatar_url(user.avatar_file),
            private=user.private,
        )


def avatar_url(file: str | None) -> str | None:
    """Return where a picture is found."""
    return url_of(file) if file else None


class RelationBody(ResponseBody):
    """How the user and a profile stand to each other."""

    following: bool
    requested: bool
    followed_by: bool
    blocking: bool
    muting: bool


class ProfileBody(ResponseBody):
    """A profile as the user may see it."""

    handle: str
    display_name: str
    bio: str
    avatar_url: Url | None
    private: bool
    follower_count: Count
    following_count: Count
    post_count: Count
    relation: RelationBody
    created_at: datetime


class ProfileQuery(CursorParameters):
    """Whom to look for."""

    q: ShortSearchText
    # This list is in the order of handles, so a handle is a place in it.
    cursor: Annotated[str | None, Field(max_length=30, pattern="^[a-z0-9_]{3,30}$")] = None


ProfilePage = CursorPage[ProfileSummary]


def profile_page(listed: Listed[AnyRow]) -> ProfilePage:
    """Return a page of rows with the columns of a profile in short."""
    rows, following = listed
    return ProfilePage(items=[ProfileSummary.of(row) for row in rows], next_cursor=following)
