"""What clients get."""

from app.schemas import ResponseBody
from app.users.models import User


class ProfileBody(ResponseBody):
    """What everybody may see of a user."""

    username: str
    bio: str | None
    image: str | None
    following: bool

    @classmethod
    def of(cls, user: User, following: bool) -> "ProfileBody":
        """Return a user as others see them."""
        return cls(username=user.username, bio=user.bio, image=user.image, following=following)


class ProfileResponse(ResponseBody):
    """A profile."""

    profile: ProfileBody

    @classmethod
    def of(cls, user: User, following: bool) -> "ProfileResponse":
        """Return a user as others see them."""
        return cls(profile=ProfileBody.of(user, following))
