"""Which hosts a browser accepts in a URL (URL 3.5): forbidden bytes, addresses, percent escapes. Only text."""

import ipaddress
import re
from typing import Final
from urllib.parse import unquote

_FORBIDDEN: Final = re.compile(r"[\x00-\x20#/:<>?@\[\\\]^|%\x7f]")
_FORBIDDEN_OPAQUE: Final = re.compile(r"[\x00\x09\x0a\x0d #/:<>?@\[\\\]^|]")
_NUMBER: Final = re.compile(r"0[xX][0-9A-Fa-f]*|[0-9]+")


def is_valid_host(host: str, *, special: bool) -> bool:
    """Whether the host can stand in a URL; `special` for http, https, ws, wss and ftp."""
    if host.startswith("["):
        return host.endswith("]") and _is_ipv6(host[1:-1])
    if not special:
        return _FORBIDDEN_OPAQUE.search(host) is None
    if not host or " " in host:
        return False
    # An escaped space is kept as %20 by Chromium, against the standard; every other forbidden byte is refused.
    host = unquote(host, errors="replace").replace(" ", "+")
    if _FORBIDDEN.search(host):
        return False
    return not _ends_in_number(host) or _is_ipv4(host)


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return "%" not in text


def _labels(host: str) -> list[str]:
    labels = host.split(".")
    return labels[:-1] if len(labels) > 1 and not labels[-1] else labels


def _ends_in_number(host: str) -> bool:
    """URL 3.5, ends in a number: then the whole host has to be an IPv4 address."""
    last = _labels(host)[-1]
    return last.isascii() and (last.isdigit() or _NUMBER.fullmatch(last) is not None)


def _is_ipv4(host: str) -> bool:
    labels = _labels(host)
    if len(labels) > 4:
        return False
    numbers = [_number(label) for label in labels]
    if any(number is None for number in numbers):
        return False
    known = [number for number in numbers if number is not None]
    return all(number <= 255 for number in known[:-1]) and known[-1] < 256 ** (5 - len(known))


def _number(label: str) -> int | None:
    if len(label) > 40 or _NUMBER.fullmatch(label) is None:
        return None
    try:
        if label[:2].lower() == "0x":
            return int(label[2:] or "0", 16)
        return int(label, 8 if len(label) > 1 and label[0] == "0" else 10)
    except ValueError:
        return None
