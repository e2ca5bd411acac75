"""What is written after an operator, as the value that a kind of field is compared with."""

import ipaddress
import re
from typing import Final

from netviz.filter.lexer import quoted
from netviz.filter.syntax import Kind, Single, Value

_NUMBER: Final = re.compile(r"[+-]?(0[xX][0-9A-Fa-f]+|0[bB][01]+|[0-9]+)")
_SECONDS: Final = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]{0,9})[0-9]*)?")
_OCTETS: Final = re.compile(r"[0-9A-Fa-f]{2}(?:[:.-]?[0-9A-Fa-f]{2})*")
_TRUTH: Final = {"true": 1, "yes": 1, "1": 1, "false": 0, "no": 0, "0": 0}


class BadLiteral(Exception):
    """Inside this package only: a text that is no value of a kind."""


def single(kind: Kind, text: str, is_quoted: bool, searched: bool = False) -> Single:
    """The value. `searched`: it is looked for inside the field (`contains`). Raises: BadLiteral."""
    if kind in ("bytes", "protocol"):
        return Single(octets(text, is_quoted), quoted(text) if is_quoted else text)
    if kind == "slice":
        return Single(_few_octets(text, is_quoted), quoted(text) if is_quoted else text)
    if kind in ("text", "name"):
        return Single(text, quoted(text))
    if kind in ("ipv4", "ipv6"):
        return _network(kind, text)
    value: Value
    if kind == "number":
        value = number(text)
    elif kind == "boolean":
        value = _truth(text)
    elif kind == "seconds":
        value = nanoseconds(text)
    else:
        value = _mac(text)
    return Single(value, text)


def octets(text: str, is_quoted: bool) -> bytes:
    """Bytes to look for: a text in quotes as UTF-8, `47:45:54` in hexadecimal."""
    if is_quoted:
        return text.encode("utf-8", "surrogatepass")
    if not _OCTETS.fullmatch(text):
        raise BadLiteral
    digits = re.sub(r"[:.-]", "", text)
    return bytes.fromhex(digits)


def _few_octets(text: str, is_quoted: bool) -> bytes:
    """Bytes to compare with; `0x1f` or one digit is one byte."""
    if not is_quoted and (re.fullmatch(r"0[xX][0-9A-Fa-f]{1,2}", text) or re.fullmatch(r"[0-9A-Fa-f]", text)):
        return bytes([int(text, 16)])
    return octets(text, is_quoted)


def number(text: str) -> int:
    """A whole number, decimal, 0x hexadecimal or 0b binary; of at most 64 bits."""
    if not _NUMBER.fullmatch(text):
        raise BadLiteral
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-").lower()
    value = sign * int(digits, {"0x": 16, "0b": 2}.get(digits[:2], 10)) if len(digits) < 30 else 1 << 64
    if not -(1 << 63) <= value < 1 << 63:
        raise BadLiteral
    return value


def nanoseconds(text: str) -> int:
    """Seconds with up to nine decimals, as nanoseconds."""
    match = _SECONDS.fullmatch(text)
    if match is None or not (match[2] or match[3]) or len(match[2]) > 9 + 1:
        raise BadLiteral
    value = int(match[2] or 0) * 10**9 + int((match[3] or "").ljust(9, "0"))
    if value >= 1 << 62:
        raise BadLiteral
    return -value if match[1] == "-" else value


def _truth(text: str) -> int:
    value = _TRUTH.get(text.lower())
    if value is None:
        raise BadLiteral
    return value


def _mac(text: str) -> bytes:
    if not _OCTETS.fullmatch(text):
        raise BadLiteral
    value = octets(text, False)
    if len(value) != 6:
        raise BadLiteral
    return value


def _network(kind: Kind, text: str) -> Single:
    address, slash, length = text.partition("/")
    try:
        found = ipaddress.IPv4Address(address) if kind == "ipv4" else ipaddress.IPv6Address(address)
    except ValueError:
        raise BadLiteral from None
    if not slash:
        return Single(found.packed, text)
    if not (length.isascii() and length.isdigit() and len(length) <= 3 and int(length) <= found.max_prefixlen):
        raise BadLiteral
    return Single(found.packed, text, int(length))
