"""What is searched for, as something that finds itself in bytes: a text, a pattern, or bytes in hexadecimal.

Nothing here can hang: texts and bytes go through a matcher that has no choices, patterns through `pattern`.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from netviz.filter.fault import FilterError
from netviz.filter.pattern import LONGEST_PATTERN, BadPattern, Pattern

Kind = Literal["list", "fields", "filter", "hex", "text", "body"]
"""Where is looked: the rows of a list, names and values of dissected fields, what a display filter matches, the bytes of
frames (as hexadecimal, or as text), decoded HTTP bodies."""

KINDS: Final[tuple[Kind, ...]] = ("list", "fields", "filter", "hex", "text", "body")
_HEX: Final = re.compile(r"[0-9A-Fa-f]{2}|\?\?")
_BETWEEN: Final = " :.-,"


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, and how it is meant."""

    kind: Kind
    text: str
    is_pattern: bool = False
    """A regular expression; only where text is looked for."""

    cased: bool = False
    """Capital and small letters are told apart."""


class Needle:
    """Raises: FilterError at the characters that can not be used."""

    def __init__(self, query: Query) -> None:
        self._pattern: Pattern | None = None
        if not query.text:
            raise FilterError("search-empty", query.text, 0, 0)
        if len(query.text) > LONGEST_PATTERN:
            raise FilterError("too-long", query.text, LONGEST_PATTERN, len(query.text), most=LONGEST_PATTERN)
        flags = re.NOFLAG if query.cased or query.kind == "hex" else re.IGNORECASE
        if query.kind == "hex":
            self._plain = re.compile(_hex(query.text))
        elif query.is_pattern:
            self._pattern = _pattern(query)
        else:
            self._plain = re.compile(re.escape(query.text.encode("utf-8", "surrogatepass")), flags)

    def found_in(self, octets: bytes) -> bool:
        """Whether it is there."""
        if self._pattern is not None:
            return self._pattern.found_in(octets)
        return self._plain.search(octets) is not None

    def spans(self, octets: bytes, most: int = 200) -> list[tuple[int, int]]:
        """Where it is, from left to right without overlaps, at most so many."""
        if self._pattern is not None:
            return self._pattern.spans(octets, most)
        found: list[tuple[int, int]] = []
        for match in self._plain.finditer(octets):
            if len(found) >= most:
                break
            found.append(match.span())
        return found

    def text_spans(self, text: str, most: int = 200) -> list[tuple[int, int]]:
        """The same in a text, counted in characters."""
        octets = text.encode("utf-8", "surrogatepass")
        spans = self.spans(octets, most)
        if len(octets) == len(text):
            return spans
        return [
            (len(octets[:start].decode("utf-8", "ignore")), len(octets[:end].decode("utf-8", "ignore")))
            for start, end in spans
        ]


def _hex(text: str) -> bytes:
    """`de ad ?? ef` as a pattern of single bytes; `??` is any byte."""
    parts: list[bytes] = []
    at = 0
    while at < len(text):
        if text[at] in _BETWEEN:
            at += 1
            continue
        match = _HEX.match(text, at)
        if match is None:
            raise FilterError("search-hex", text, at, at + 1, found=text[at])
        parts.append(b"[\\s\\S]" if match.group() == "??" else re.escape(bytes.fromhex(match.group())))
        at = match.end()
    if not parts:
        raise FilterError("search-empty", text, 0, len(text))
    return b"".join(parts)


def _pattern(query: Query) -> Pattern:
    try:
        return Pattern(query.text, query.cased)
    except BadPattern as error:
        before = query.text.encode("utf-8", "surrogatepass")[: error.at or 0].decode("utf-8", "ignore")
        start = 0 if error.at is None else min(len(before), max(len(query.text) - 1, 0))
        end = len(query.text) if error.at is None else start + 1
        raise FilterError(error.key, query.text, start, end, reason=error.reason) from None
