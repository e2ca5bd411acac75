"""What may come next in a filter that is being typed: fields, operators, or values that the capture holds."""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from netviz.filter.fault import FilterError
from netviz.filter.fields import FIELDS, field_named
from netviz.filter.lexer import Token, tokens
from netviz.filter.parser import operators_of
from netviz.filter.syntax import Field

_WORD: Final = re.compile(r"[A-Za-z0-9_.:/-]*$")
_JOINS: Final = ("&&", "||", "and", "or", "&", "^^", "!", "not", "(", "any", "all")
_MOST: Final = 40

Seen = Callable[[Field], Sequence[str]]
"""Values of a field in this capture, as they are written in a filter."""


class Completion(NamedTuple):
    """A text in the place of `text[start:end]`, and the field it names or belongs to."""

    start: int
    end: int
    text: str
    field: str | None = None

    def applied(self, text: str) -> tuple[str, int]:
        """The filter with it, and where the cursor stands then."""
        before = text[: self.start] + self.text + ("" if self.text.endswith('"') else " ")
        return before + text[self.end :].lstrip(), len(before)


def completions(text: str, cursor: int, seen: Seen) -> list[Completion]:
    """What may stand at the cursor, the likeliest first."""
    before = text[:cursor]
    if before.count('"') % 2:
        return _of_open_text(before, cursor, seen)
    match = _WORD.search(before)
    start = match.start() if match is not None else cursor
    prefix = before[start:].lower()
    earlier = _tokens(before[:start])
    last = earlier[-1] if earlier else None
    if last is None or (last.kind in ("word", "operator", "(") and last.value.lower() in _JOINS and last.value != "&"):
        return [Completion(start, cursor, name, name) for name in _names(prefix)]
    field = field_named(last.value) if last.kind == "word" else None
    if field is not None:
        after = [*operators_of(field.kind), "&&", "||"]
        return [Completion(start, cursor, word, field.name) for word in after if word.startswith(prefix)]
    owner = _owner(earlier)
    if owner is not None:
        values = [value for value in seen(owner) if prefix in value.lower()]
        return [Completion(start, cursor, value, owner.name) for value in values[:_MOST]]
    return [Completion(start, cursor, word) for word in ("&&", "||") if word.startswith(prefix)]


def _of_open_text(before: str, cursor: int, seen: Seen) -> list[Completion]:
    start = before.rindex('"')
    owner = _owner(_tokens(before[:start]))
    prefix = before[start + 1 :].lower()
    values = [value for value in seen(owner) if prefix in value.lower()] if owner is not None else []
    return [Completion(start, cursor, value, owner.name if owner else None) for value in values[:_MOST]]


def _tokens(text: str) -> list[Token]:
    try:
        return tokens(text)[:-1]
    except FilterError:
        return []


def _owner(earlier: list[Token]) -> Field | None:
    """The field whose value is expected behind these tokens, None where none is."""
    at = len(earlier) - 1
    if (at >= 0 and earlier[at].kind in ("{", ",")) or any(token.kind == "{" for token in earlier[-3:]):
        while at > 0 and earlier[at].kind != "{":
            at -= 1
        at -= 1
    if at < 1 or earlier[at].kind not in ("operator", "word"):
        return None
    field = field_named(earlier[at - 1].value) if earlier[at - 1].kind == "word" else None
    return field if field is not None and field_named(earlier[at].value) is None else None


def _names(prefix: str) -> list[str]:
    """Fields that begin so, then those that have it elsewhere."""
    begin = [name for name in FIELDS if name.startswith(prefix)]
    inside = [name for name in FIELDS if prefix and prefix in name and not name.startswith(prefix)]
    return sorted(begin, key=lambda name: (name.count("."), name))[:_MOST] + sorted(inside)[:_MOST]
