"""Slugs: the names of articles in URLs."""

import re
import secrets
import string

from anyascii import anyascii
from starlette.convertors import StringConvertor, register_url_convertor

# /api/articles/feed is no article.
RESERVED = {"feed"}
MAX_LENGTH = 80
ENDING_LENGTH = 6


class SlugConvertor(StringConvertor):
    """What can be a slug in the path of a route: `{slug:slug}`."""

    regex = f"(?!(?:{'|'.join(RESERVED)})$)[^/]+"


register_url_convertor("slug", SlugConvertor())


def slug_of(title: str) -> str:
    """Return the slug that a title would have if it were free.

    Letters of every alphabet are written in ASCII, as AnyAscii does it on many platforms.
    """
    slug = re.sub("[^a-z0-9]+", "-", anyascii(title).lower()).strip("-")
    slug = slug[:MAX_LENGTH].rstrip("-")
    return with_ending(slug or "article") if slug in RESERVED or not slug else slug


def with_ending(slug: str) -> str:
    """Return a slug that nobody else has thought of."""
    letters = string.ascii_lowercase + string.digits
    return slug + "-" + "".join(secrets.choice(letters) for _ in range(ENDING_LENGTH))
