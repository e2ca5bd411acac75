"""A filter's text becomes an expression: a Pratt parser over the tokens. Knows names and kinds of fields, no packets."""

import re
from typing import Final, Literal

from netviz.filter.fault import FilterError
from netviz.filter.fields import field_named, nearest
from netviz.filter.functions import FUNCTIONS, SLICED
from netviz.filter.lexer import Token, tokens
from netviz.filter.literals import BadLiteral, single
from netviz.filter.pattern import BadPattern, Pattern
from netviz.filter.syntax import (
    POWERS,
    Comparison,
    Derived,
    Exists,
    Expression,
    Field,
    Join,
    Kind,
    Membership,
    Not,
    Operator,
    Range,
    Single,
    Slice,
)

_DEEPEST: Final = 60
_MOST_MEMBERS: Final = 1000
_PREFIX_POWER: Final = 3

_JOINS: Final[dict[str, Literal["&&", "||", "^^"]]] = {
    "&&": "&&", "and": "&&", "||": "||", "or": "||", "^^": "^^", "xor": "^^",
}  # fmt: skip
_COMPARISONS: Final[dict[str, tuple[Operator, bool | None]]] = {
    "==": ("==", None), "eq": ("==", None), "any_eq": ("==", False), "===": ("==", True), "all_eq": ("==", True),
    "!=": ("!=", None), "ne": ("!=", None), "all_ne": ("!=", True), "~=": ("!=", False), "!==": ("!=", False),
    "any_ne": ("!=", False), "<": ("<", None), "lt": ("<", None), "<=": ("<=", None), "le": ("<=", None),
    ">": (">", None), "gt": (">", None), ">=": (">=", None), "ge": (">=", None),
    "contains": ("contains", None), "matches": ("matches", None), "~": ("matches", None),
    "&": ("&", None), "bitwise_and": ("&", None),
}  # fmt: skip
"""As written -> the operator, and whether all values must satisfy it (None: as is usual for it)."""

WORDS: Final = (*_COMPARISONS, *_JOINS, "in", "not", "any", "all")
ORDERED: Final[tuple[Kind, ...]] = ("number", "seconds", "boolean", "mac", "ipv4", "ipv6", "text", "name", "slice")
_COMPARED: Final[tuple[Kind, ...]] = ("number", "seconds", "boolean", "mac", "ipv4", "ipv6")
"""Kinds of which a field can be compared with another field."""
_PART: Final = re.compile(r"(?P<start>-?\d{1,6})?(?:(?P<colon>:)(?P<length>\d{1,6})?|-(?P<end>-?\d{1,6}))?")
_MOST_PARTS: Final = 20
_ALLOWED: Final[dict[str, tuple[Kind, ...]]] = {
    "contains": ("protocol", "text", "name", "bytes", "slice", "mac", "ipv4", "ipv6"),
    "matches": ("protocol", "text", "name", "bytes", "slice"),
    "&": ("number", "boolean"),
}


def parse(text: str) -> Expression:
    """The expression. Raises: FilterError, and nothing else, whatever the text."""
    parser = _Parser(text)
    if parser.next.kind == "end":
        raise FilterError("empty", text, 0, len(text))
    found = parser.expression(0)
    parser.expect_end()
    return found


def operators_of(kind: Kind) -> list[str]:
    """Operators that a kind of field takes, for completion."""
    plain = ["==", "!=", "<", "<=", ">", ">=", "in"] if kind in ORDERED else []
    return plain + [name for name, kinds in _ALLOWED.items() if kind in kinds]


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._at = 0
        self._depth = 0

    @property
    def next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        if token.kind != "end":
            self._at += 1
        return token

    def _fault(self, key: str, token: Token, **details: object) -> FilterError:
        return FilterError(key, self._text, token.start, token.end, (), **details)

    def expect_end(self) -> None:
        """Nothing may follow a whole expression."""
        if self.next.kind != "end":
            raise self._fault("expected-join", self.next, found=self.next.value or self._text[self.next.start])

    def expression(self, least: int) -> Expression:
        """An expression whose joins bind at least so tightly."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._fault("too-deep", self.next, most=_DEEPEST)
        left = self._operand()
        while self.next.kind in ("operator", "word"):
            join = _JOINS.get(self.next.value.lower())
            if join is None or POWERS[join] < least:
                break
            self._take()
            left = Join(join, left, self.expression(POWERS[join] + 1))
        self._depth -= 1
        return left

    def _operand(self) -> Expression:
        token = self._take()
        if token.value.lower() in ("!", "not") and token.kind in ("operator", "word"):
            return Not(self.expression(_PREFIX_POWER))
        if token.kind == "(":
            found = self.expression(0)
            if self.next.kind != ")":
                raise self._fault("open-parenthesis", token)
            self._take()
            return found
        if token.kind != "word":
            raise self._fault("expected-field" if token.kind != "end" else "unfinished", token)
        if token.value.lower() in ("any", "all") and self.next.kind == "word":
            return self._test(self._reference(self._take()), token.value.lower() == "all")
        return self._test(self._reference(token), None)

    def _reference(self, token: Token) -> Field:
        """A field, a function of one, and parts of either."""
        is_call = self.next.kind == "(" and token.value.lower() in FUNCTIONS
        field = self._call(token) if is_call else self._field(token)
        while self.next.kind == "[":
            field = self._parts(field)
        return field

    def _call(self, token: Token) -> Field:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._fault("too-deep", token, most=_DEEPEST)
        opening, name = self._take(), token.value.lower()
        argument = self._take()
        if argument.kind != "word":
            raise self._fault("expected-field" if argument.kind != "end" else "unfinished", argument)
        inner = self._reference(argument)
        if self.next.kind != ")":
            raise self._fault("open-parenthesis", opening)
        self._take()
        self._depth -= 1
        kind, taken = FUNCTIONS[name]
        if inner.kind not in taken:
            raise self._fault("bad-function", argument, name=inner.name, function=name)
        return Derived(f"{name}({inner.name})", kind, name, inner)

    def _parts(self, field: Field) -> Field:
        opening = self._take()
        if field.kind not in SLICED:
            raise self._fault("no-slice", opening, name=field.name)
        found: list[Slice] = []
        while not found or self.next.kind == ",":
            if found:
                self._take()
            found.append(self._part_of_bytes(self._take()))
            if len(found) > _MOST_PARTS:
                raise self._fault("slice-part", opening, value=self._text[opening.start :])
        if self.next.kind != "]":
            raise self._fault("slice-part", self.next, value=self.next.value)
        self._take()
        return Derived(f"{field.name}[{','.join(map(str, found))}]", "slice", "[]", field, tuple(found))

    def _part_of_bytes(self, token: Token) -> Slice:
        """`4` one byte, `0:4` so many from a place, `0-3` both included, `:4` and `4:` from the front and to the end."""
        match = _PART.fullmatch(token.value) if token.kind == "word" else None
        if match is None or match["length"] == "0":
            raise self._fault("slice-part", token, value=token.value or self._text[token.start : token.end])
        start = int(match["start"] or 0)
        if match["end"] is not None:
            return Slice(start, None, int(match["end"]))
        if match["colon"] is None:
            return Slice(start, 1)
        return Slice(start, int(match["length"]) if match["length"] else None)

    def _field(self, token: Token) -> Field:
        found = field_named(token.value)
        if found is not None:
            return found
        suggestions = nearest(token.value)
        if token.value.lower() in WORDS or token.value.lower() in _JOINS:
            raise self._fault("expected-field", token)
        key = "unknown-field-near" if suggestions else "unknown-field"
        near = suggestions[0] if suggestions else ""
        raise FilterError(key, self._text, token.start, token.end, suggestions, name=token.value, near=near)

    def _test(self, field: Field, every: bool | None) -> Expression:
        token = self.next
        word = token.value.lower() if token.kind in ("operator", "word") else ""
        if word == "in" or (word == "not" and self._following().value.lower() == "in"):
            self._take()
            if word == "not":
                self._take()
            members = Membership(field, self._members(field))
            return Not(members) if word == "not" else members
        known = _COMPARISONS.get(word)
        if known is None:
            if every is not None:
                raise self._fault("expected-operator", token)
            return Exists(field)
        self._take()
        operator, usual = known
        self._check(field, operator, token)
        if every is None:
            every = operator == "!=" if usual is None else usual
        return Comparison(field, operator, self._other(field, operator), every)

    def _following(self) -> Token:
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def _check(self, field: Field, operator: Operator, token: Token) -> None:
        if field.kind not in _ALLOWED.get(operator, ORDERED):
            raise self._fault("bad-operator", token, name=field.name, operator=token.value)

    def _other(self, field: Field, operator: Operator) -> Single | Field:
        token = self.next
        if operator == "matches":
            return self._pattern(self._take())
        if token.kind == "word" and operator not in ("contains", "&"):
            if self._following().kind == "(" and token.value.lower() in FUNCTIONS:
                return self._function_beside(field, self._take())
            other = field_named(token.value)
            if other is not None and other.kind == field.kind and other.kind in _COMPARED:
                self._take()
                return other
        return self._single(field, self._take(), operator == "contains")

    def _function_beside(self, field: Field, token: Token) -> Field:
        other = self._reference(token)
        if other.kind != field.kind or other.kind not in _COMPARED:
            raise self._fault(f"bad-{field.kind}", token, value=other.name, name=field.name)
        return other

    def _pattern(self, token: Token) -> Single:
        if token.kind not in ("text", "word"):
            raise self._fault("expected-value", token)
        try:
            Pattern(token.value)
        except BadPattern as error:
            raise self._fault(error.key, token, reason=error.reason) from None
        return single("text", token.value, True)

    def _single(self, field: Field, token: Token, searched: bool = False) -> Single:
        if token.kind not in ("text", "word"):
            raise self._fault("expected-value", token)
        kind: Kind = "bytes" if searched and field.kind in ("mac", "ipv4", "ipv6") else field.kind
        try:
            return single(kind, token.value, token.kind == "text", searched)
        except BadLiteral:
            raise self._fault(f"bad-{kind}", token, value=token.value, name=field.name) from None

    def _members(self, field: Field) -> tuple[Single | Range, ...]:
        opening = self._take()
        if opening.kind != "{":
            raise self._fault("expected-set", opening)
        if field.kind not in ORDERED:
            raise self._fault("bad-operator", opening, name=field.name, operator="in")
        found: list[Single | Range] = []
        while self.next.kind != "}":
            if self.next.kind == "end" or len(found) > _MOST_MEMBERS:
                raise self._fault("open-set", opening)
            found.append(self._member(field, self._take()))
            if self.next.kind == ",":
                self._take()
        closing = self._take()
        if not found:
            raise FilterError("empty-set", self._text, opening.start, closing.end)
        return tuple(found)

    def _member(self, field: Field, token: Token) -> Single | Range:
        """A value, or `low..high` with or without spaces around the dots."""
        low, dots, high = token.value.partition("..") if token.kind == "word" else (token.value, "", "")
        if not dots and self.next.kind == "word" and self.next.value.startswith(".."):
            dots, high = "..", self._take().value[2:]
        if not dots:
            return self._single(field, token)
        first = self._single(field, token._replace(value=low))
        last = self._single(field, token._replace(value=high) if high else self._take())
        if first.bits is not None or last.bits is not None or first.value > last.value:  # type: ignore[operator]
            raise self._fault("bad-range", token, value=f"{first}..{last}")
        return Range(first, last)
