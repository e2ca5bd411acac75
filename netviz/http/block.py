"""The field lines behind a start line, read once for all messages that carry the same bytes.

Clients and servers repeat themselves: on one connection most header blocks are equal to the last byte. So a block is
read by its bytes alone and kept; where it lies in a capture is not known here. RFC 9112 section 5, read leniently.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

_TOKEN: Final = frozenset(b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_SPACE: Final = b" \t"
_REMEMBERED_BLOCKS: Final = 2048
_REMEMBERED_LENGTH: Final = 4096
"""Longer blocks are read anew each time, so that what is remembered stays within a few megabytes."""


class FieldLine(NamedTuple):
    """One field line; offsets count from the first byte of the block."""

    name: str
    value: str
    name_begin: int
    name_end: int
    value_begin: int
    value_end: int


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """All field lines of a head in order, where each name stands, and what is against the grammar.

    Equal only to itself, so that what follows from a block can be kept by the block, at the cost of a look-up.
    """

    lines: tuple[FieldLine, ...]
    places: dict[str, tuple[int, ...]]
    """Lower-case name -> indices into `lines`."""

    names: tuple[str, ...]
    """Of all lines, in order, in lower case."""

    marks: tuple[str, ...]


def text_of(raw: bytes) -> str:
    """Text from the wire: UTF-8 where it is that, else one character a byte (ISO 8859-1). Not safe for a terminal."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def read_block(text: bytes, most: int) -> Block:
    """Read the lines behind a start line, up to the empty line; at most `most` fields are listed, more are marked."""
    return _remembered(text, most) if len(text) <= _REMEMBERED_LENGTH else _read(text, most)


def _read(text: bytes, most: int) -> Block:
    lines: list[FieldLine] = []
    marks: list[str] = []
    for begin, end, whole in _lines(text):
        if text[begin] in _SPACE and lines:
            lines[-1] = _unfolded(lines[-1], text[begin:end], end)
            marks.append("obs-fold")
            continue
        if len(lines) == most:
            marks.append("too-many-fields")
            break
        line = _field_line(text, begin, end, whole, marks)
        if line is not None:
            lines.append(line)
    names = tuple(line.name.lower() for line in lines)
    places: dict[str, tuple[int, ...]] = {}
    for index, name in enumerate(names):
        places[name] = (*places.get(name, ()), index)
    return Block(tuple(lines), places, names, tuple(dict.fromkeys(marks)))


_remembered = lru_cache(maxsize=_REMEMBERED_BLOCKS)(_read)


def _lines(text: bytes) -> Iterator[tuple[int, int, bool]]:
    """(begin, end without its line end, whether it has one) of each line up to the empty one."""
    begin = 0
    while begin < len(text):
        feed = text.find(b"\n", begin)
        whole = feed >= 0
        end = feed if whole else len(text)
        if end > begin and text[end - 1] == 0x0D:
            end -= 1
        if end == begin:
            return
        yield begin, end, whole
        begin = feed + 1 if whole else len(text)


def _field_line(text: bytes, begin: int, end: int, whole: bool, marks: list[str]) -> FieldLine | None:
    colon = text.find(b":", begin, end)
    if colon < 0:
        if whole:
            marks.append("no-colon")
        return None
    raw_name = text[begin:colon]
    name = raw_name.strip(_SPACE)
    if raw_name != name:
        marks.append("space-before-colon" if raw_name.rstrip(_SPACE) != raw_name else "space-before-name")
    if not name or not _TOKEN.issuperset(name):
        marks.append("bad-field-name")
    raw_value = text[colon + 1 : end]
    value = raw_value.strip(_SPACE)
    if _CONTROLS.search(value):
        marks.append("control-in-value")
    name_begin = begin + len(raw_name) - len(raw_name.lstrip(_SPACE))
    value_begin = colon + 1 + len(raw_value) - len(raw_value.lstrip(_SPACE)) if value else colon + 1
    return FieldLine(
        text_of(name), text_of(value), name_begin, name_begin + len(name), value_begin, value_begin + len(value)
    )


def _unfolded(line: FieldLine, continuation: bytes, end: int) -> FieldLine:
    """RFC 9112 5.2: a folded line goes on with the value, one space between."""
    more = text_of(continuation.strip(_SPACE))
    return line._replace(value=f"{line.value} {more}".strip(" "), value_end=end)
