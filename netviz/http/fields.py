"""What a block of header fields says about framing, and which fields are there that others ask for.

Stateless: RFC 9112 sections 2.2, 5 and 6. Real programs send the same block again, so answers are remembered.
The fields themselves, with their bytes, are read by `head.py` when somebody looks.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

ORIGIN: Final = 1
REFERER: Final = 1 << 1
SEC_FETCH: Final = 1 << 2
COOKIE: Final = 1 << 3
AC_REQUEST_METHOD: Final = 1 << 4
AUTHORIZATION: Final = 1 << 5
SET_COOKIE: Final = 1 << 6
UPGRADE: Final = 1 << 7
EXPECT: Final = 1 << 8

_HINTS: Final = {
    b"origin": ORIGIN,
    b"referer": REFERER,
    b"cookie": COOKIE,
    b"access-control-request-method": AC_REQUEST_METHOD,
    b"authorization": AUTHORIZATION,
    b"set-cookie": SET_COOKIE,
    b"upgrade": UPGRADE,
}
_KNOWN: Final = re.compile(
    rb"\n(origin|referer|sec-fetch-[a-z]+|cookie|access-control-request-method|authorization|set-cookie|upgrade|expect"
    rb"|content-length|transfer-encoding)[ \t]*:([^\n]*)",
    re.IGNORECASE,
)
_TIDY: Final = re.compile(rb"(?:\r\n[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[^\r\n\0]*)*")
"""Nothing but names, colons and values, each line behind CR LF."""

_FOLD: Final = re.compile(rb"\r?\n[ \t]+")
_BARE_CR: Final = re.compile(rb"\r[^\n]")
_LENGTH: Final = re.compile(rb"[0-9]{1,18}")
_REMEMBERED_LENGTH: Final = 2048

NOT_GIVEN: Final = -1
"""`Framing.length` where there is no usable Content-Length."""


class Framing(NamedTuple):
    """What a block of fields says. Whether there is a body at all depends on the start line too."""

    length: int
    """Content-Length, or NOT_GIVEN."""

    coded: bool
    """There is a Transfer-Encoding."""

    chunked: bool
    """Its last coding is chunked: the body says itself where it ends."""

    hints: int
    """Fields that are there, of ORIGIN, REFERER ..."""

    fields: int
    """How many field lines."""

    tidy: bool
    """Every line ends with CR LF, so there is no earlier empty line."""

    violations: tuple[str, ...]


def read_framing(block: bytes) -> Framing:
    """What the field lines say. `block` begins with the line end of the start line; its last line has no line end."""
    return _remembered(block) if len(block) <= _REMEMBERED_LENGTH else _read(block)


def _read(block: bytes) -> Framing:
    violations: list[str] = []
    tidy = True
    if _TIDY.fullmatch(block) is None:
        block, tidy = _mend(block, violations)
    hints, length, coded, chunked = 0, NOT_GIVEN, False, False
    found = _KNOWN.findall(block)
    for name, value in found:
        key = name.lower()
        hint = _HINTS.get(key)
        if hint is not None:
            hints |= hint
        elif key == b"content-length":
            length = 0
        elif key == b"transfer-encoding":
            coded = True
        elif key == b"expect":
            hints |= EXPECT if b"100-continue" in value.lower() else 0
        else:
            hints |= SEC_FETCH
    if length == 0:
        length = _content_length(_elements(found, b"content-length"), violations)
        if coded:
            violations.append("both-lengths")
    if coded:
        chunked = _is_chunked(_elements(found, b"transfer-encoding"), violations)
    violations = list(dict.fromkeys(violations))
    return Framing(length, coded, chunked, hints, block.count(b"\n"), tidy, tuple(violations))


_remembered = lru_cache(maxsize=4096)(_read)


def _mend(block: bytes, violations: list[str]) -> tuple[bytes, bool]:
    """Mark what is untidy; returns the block with its folded lines joined, and whether all lines end with CR LF."""
    tidy = block.count(b"\n") == block.count(b"\r\n")
    if not tidy:
        violations.append("bare-lf")
    if b"\0" in block:
        violations.append("nul")
    if _BARE_CR.search(block):
        violations.append("bare-cr")
    if _FOLD.search(block):
        violations.append("obs-fold")
        block = _FOLD.sub(b" ", block)
    for line in block.split(b"\n")[1:]:
        name, colon, _ = line.partition(b":")
        if not colon and line.strip():
            violations.append("no-colon")
        elif name != name.rstrip(b" \t"):
            violations.append("space-before-colon")
    return block, tidy


def _elements(found: list[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    """Elements of all fields of a name, split at commas, white space around them taken off (RFC 9110 5.6.1)."""
    values = [value for key, value in found if key.lower() == name]
    return [element.strip(b" \t\r") for value in values for element in value.split(b",")]


def _content_length(values: list[bytes], violations: list[str]) -> int:
    """RFC 9112 6.3: the same length said several times is one length; what is no number is none."""
    if not all(_LENGTH.fullmatch(value) for value in values):
        violations.append("bad-length")
    lengths = [int(value) for value in values if _LENGTH.fullmatch(value)]
    if len(set(lengths)) > 1:
        violations.append("differing-lengths")
    elif len(lengths) > 1:
        violations.append("repeated-length")
    return lengths[0] if lengths else NOT_GIVEN


def _is_chunked(values: list[bytes], violations: list[str]) -> bool:
    codings = [value.lower() for value in values if value]
    if codings.count(b"chunked") > 1:
        violations.append("repeated-chunked")
    if codings and codings[-1] == b"chunked":
        return True
    violations.append("chunked-not-last" if b"chunked" in codings else "not-chunked")
    return False
