"""Short codes: random ones, and the aliases that people choose."""

import secrets
import string

MAX_CODE = 32
RANDOM_LENGTH = 7
BASE62 = string.ascii_letters + string.digits
CODE_PATTERN = "[A-Za-z0-9_-]{3,32}"
# What this service answers itself, or may want to one day.
RESERVED = frozenset(
    {
        "about", "admin", "api", "app", "assets", "docs", "favicon", "graphql", "health", "help",
        "links", "login", "logout", "metrics", "openapi", "probe", "redoc", "robots", "sitemap",
        "static", "stats", "status", "tokens", "well-known", "www",
    }
)  # fmt: skip


def is_reserved(code: str) -> bool:
    """Tell whether a code is one of the service's own paths, whatever the case."""
    return code.lower() in RESERVED


def random_code() -> str:
    """Return a code that nobody can predict."""
    while True:
        code = "".join(secrets.choice(BASE62) for _ in range(RANDOM_LENGTH))
        if not is_reserved(code):
            return code
