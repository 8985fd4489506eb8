"""What HTTP Basic sends, and which of it has been verified lately."""

import asyncio
import base64
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakValueDictionary

from app.users.schemas import MAX_PASSWORD, is_email

REMEMBERED_SECONDS = 300
MOST_REMEMBERED = 10_000


@dataclass(frozen=True)
class Credentials:
    """An e-mail, in lower case, and the password that a client sent with it."""

    email: str
    password: str


def parse_basic(encoded: str) -> Credentials | None:
    """Read what HTTP Basic sends (RFC 7617), in UTF-8.

    Returns:
        None where it is malformed, or what no account can have.
    """
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except ValueError:
        return None
    email, colon, password = text.partition(":")
    if not colon or not is_email(email) or len(password) > MAX_PASSWORD:
        return None
    return Credentials(email.lower(), password)


class VerifiedCredentials:
    """Remembers for some minutes which credentials were right.

    Verifying a password is slow on purpose, and with HTTP Basic each request brings one. So the
    first request pays, and the next ones do not. What is remembered is a hash of e-mail, password
    and stored hash with a key that only this process has: when the account is deleted or its
    password changes, the hash is another one, and nothing is remembered of it.

    Args:
        clock: Returns seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        # Each digest with the second in which it is forgotten; the oldest comes first.
        self._until: OrderedDict[bytes, float] = OrderedDict()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def know(self, credentials: Credentials, password_hash: str) -> bool:
        """Tell whether the credentials were right for this stored hash some minutes ago."""
        return self._until.get(self._digest(credentials, password_hash), 0) > self._clock()

    def remember(self, credentials: Credentials, password_hash: str) -> None:
        """Remember that the credentials are right for this stored hash."""
        digest = self._digest(credentials, password_hash)
        self._until[digest] = self._clock() + REMEMBERED_SECONDS
        self._until.move_to_end(digest)
        if len(self._until) > MOST_REMEMBERED:
            self._until.popitem(last=False)

    def turn(self, email: str) -> asyncio.Lock:
        """Return what lets only one request at a time verify the password of an account.

        The others find the first one's result. It also keeps guesses that come at the same time
        from getting past the limit together.
        """
        return self._turns.setdefault(email, asyncio.Lock())

    def _digest(self, credentials: Credentials, password_hash: str) -> bytes:
        # E-mails and hashes hold no null character, so no two triples give one text.
        text = f"{credentials.email}\0{password_hash}\0{credentials.password}"
        return hmac.digest(self._key, text.encode(), "sha256")
