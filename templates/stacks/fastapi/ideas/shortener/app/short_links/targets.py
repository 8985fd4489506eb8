"""Where links may lead: URLs, brought into one form and checked.

Nothing here asks the network. A name is judged by its letters, never by the address behind it.
"""

import re
from contextlib import suppress
from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network
from urllib.parse import quote, urlsplit, urlunsplit

import idna

MAX_URL = 2048
MAX_HOST = 253
# What RFC 3986 allows beside letters and digits; the percent sign begins an encoded byte.
PATH_CHARACTERS = "/:@!$&'()*+,;=~%"
QUERY_CHARACTERS = PATH_CHARACTERS + "?"
# Names which by their standards (RFC 6761, 6762, 8375 and ICANN's .internal) stay in a network.
PRIVATE_NAMES = ("localhost", "local", "internal", "home.arpa")
# Addresses of IPv4 inside IPv6, for networks that speak only the latter (RFC 6052).
NAT64 = IPv6Network("64:ff9b::/96")
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
MOST_DIGITS = 64
NO_IPV4 = "Must have a valid IPv4 address."

Address = IPv4Address | IPv6Address


class TargetError(ValueError):
    """A URL to which no link may lead. The message is shown to the client."""


def normalize_url(text: str) -> str:
    """Return a URL in ASCII: the host as browsers read it, the rest percent-encoded.

    Raises:
        TargetError: It is not an absolute http or https URL with a host, or it is too long.
    """
    # urlsplit() would silently drop some of these, and a browser too.
    if any(character.isspace() or not character.isprintable() for character in text):
        raise TargetError("Must not contain white space or control characters.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise TargetError("Must be a valid URL.") from None
    if parts.scheme not in {"http", "https"}:
        raise TargetError("Must begin with http:// or https://.")
    if "@" in parts.netloc:
        raise TargetError("Must not contain a user name or password.")
    if not parts.hostname:
        raise TargetError("Must have a host.")
    if len(parts.netloc) > MAX_HOST:
        raise TargetError(f"Must have a host and port of at most {MAX_HOST} characters.")
    authority = _normalize_host(parts.netloc) + ("" if port is None else f":{port}")
    url = urlunsplit(
        (
            parts.scheme,
            authority,
            _encode(parts.path, PATH_CHARACTERS),
            _encode(parts.query, QUERY_CHARACTERS),
            _encode(parts.fragment, QUERY_CHARACTERS),
        )
    )
    if len(url) > MAX_URL:
        raise TargetError(f"Must have at most {MAX_URL} characters.")
    return url


def _encode(part: str, safe: str) -> str:
    lone_percent = re.sub("%(?![0-9A-Fa-f]{2})", "%25", part)
    return quote(lone_percent, safe=safe)


def _normalize_host(netloc: str) -> str:
    """Return the host of a URL as browsers understand it, without the port."""
    if netloc.startswith("["):
        literal, _, port = netloc[1:].partition("]")
        try:
            address = IPv6Address(literal)
        except AddressValueError:
            raise TargetError("Must have a valid IPv6 address.") from None
        if port and not port.startswith(":"):
            raise TargetError("Must have a valid host name.")
        return f"[{address}]"
    name = _normalize_name(netloc.partition(":")[0])
    labels = name.split(".")
    if NUMBER.fullmatch(labels[-1]):
        return str(_read_ipv4(labels))
    if len(name) > MAX_HOST or not all(map(LABEL.fullmatch, labels)):
        raise TargetError("Must have a valid host name.")
    return name


def _normalize_name(name: str) -> str:
    """Return a name in lower case and ASCII, without the dot that may stand at its end."""
    try:
        # Maps what looks alike: full-width digits and dots become ordinary ones.
        name = idna.uts46_remap(name, std3_rules=False, transitional=False)
        if not name.isascii():
            name = idna.encode(name).decode()
    except idna.IDNAError:
        raise TargetError("Must have a valid host name.") from None
    return name.removesuffix(".")


def _read_ipv4(labels: list[str]) -> IPv4Address:
    """Read an address as browsers do: 1 to 4 numbers, decimal, octal or hexadecimal.

    The last number fills the rest: 127.1 and 2130706433 and 0x7f.0.0.01 are all 127.0.0.1.
    The rules are those of https://url.spec.whatwg.org/#concept-ipv4-parser.
    """
    numbers = [_read_number(label) for label in labels]
    *leading, last = numbers
    size = 4 - len(leading)
    if size < 1 or any(number > 0xFF for number in leading) or last >= 256**size:
        raise TargetError(NO_IPV4)
    return IPv4Address(bytes(leading) + last.to_bytes(size, "big"))


def _read_number(label: str) -> int:
    digits, base = label, 10
    if label.startswith("0x"):
        digits, base = label[2:] or "0", 16
    elif label.startswith("0"):
        base = 8
    # More digits than an address can have would only cost time.
    if NUMBER.fullmatch(label) and len(label) < MOST_DIGITS:
        with suppress(ValueError):
            return int(digits, base)
    raise TargetError(NO_IPV4)


def host_of(url: str) -> str:
    """Return the host of a normalized URL, without brackets."""
    return urlsplit(url).hostname or ""


def is_private(host: str) -> bool:
    """Tell whether the host of a normalized URL is inside of a private network, or this machine."""
    address = _address_of(host)
    if address is None:
        return any(host == name or host.endswith(f".{name}") for name in PRIVATE_NAMES)
    return not address.is_global or address.is_multicast


def _address_of(host: str) -> Address | None:
    try:
        return IPv4Address(host)
    except AddressValueError:
        pass
    try:
        address = IPv6Address(host)
    except AddressValueError:
        return None
    if address in NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or address
