"""An expression as a tree. `str` writes it as a filter that reads back as the same tree. Data only."""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["protocol", "number", "boolean", "seconds", "mac", "ipv4", "ipv6", "text", "name", "bytes", "slice"]
"""What a field's values are. `name` is a text out of few (`allowed`, `TIME-WAIT`); `bytes` can only be searched; `slice` is
a part of bytes, which can be compared."""

Operator = Literal["==", "!=", "<", "<=", ">", ">=", "contains", "matches", "&"]
Value = int | str | bytes


@dataclass(frozen=True, slots=True)
class Field:
    """A field by name."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Slice:
    """Part of some bytes: from `start` (from the end where negative) so many, or to `end`, which is included; to the end
    where both are None."""

    start: int
    length: int | None = None
    end: int | None = None

    @property
    def fixed(self) -> bool:
        """Counted from the front, and so many."""
        return self.start >= 0 and self.length is not None

    def __str__(self) -> str:
        if self.end is not None:
            return f"{self.start}-{self.end}"
        if self.length == 1:
            return str(self.start)
        return f"{self.start}:{'' if self.length is None else self.length}"


@dataclass(frozen=True, slots=True)
class Derived(Field):
    """A field that is made of another by a function; `[]` takes parts of its bytes. The name is how it is written."""

    function: str = ""
    inner: Field = Field("frame", "protocol")
    slices: tuple[Slice, ...] = ()


@dataclass(frozen=True, slots=True)
class Single:
    """One value to compare with, and for an address the bits of it that count (all where `bits` is None)."""

    value: Value
    written: str
    bits: int | None = None

    def __str__(self) -> str:
        return self.written


@dataclass(frozen=True, slots=True)
class Range:
    """From a value to another, both included."""

    low: Single
    high: Single

    def __str__(self) -> str:
        return f"{self.low}..{self.high}"


@dataclass(frozen=True, slots=True)
class Exists:
    """The packet has the field, or the protocol."""

    field: Field

    def __str__(self) -> str:
        return self.field.name


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field against a value or another field. `every`: all values of the field must satisfy it, else one is enough."""

    field: Field
    operator: Operator
    other: Single | Field
    every: bool = False

    def __str__(self) -> str:
        other = self.other.name if isinstance(self.other, Field) else str(self.other)
        usual = self.operator == "!="
        quantifier = "" if self.every == usual else "all " if self.every else "any "
        return f"{quantifier}{self.field.name} {self.operator} {other}"


@dataclass(frozen=True, slots=True)
class Membership:
    """One of the field's values is in a set."""

    field: Field
    members: tuple[Single | Range, ...]

    def __str__(self) -> str:
        return f"{self.field.name} in {{{', '.join(map(str, self.members))}}}"


@dataclass(frozen=True, slots=True)
class Not:
    """The packet does not match."""

    part: "Expression"

    def __str__(self) -> str:
        return f"!{self.part}" if isinstance(self.part, Exists | Not) else f"!({self.part})"


@dataclass(frozen=True, slots=True)
class Join:
    """Both, either, or exactly one of two."""

    operator: Literal["&&", "||", "^^"]
    left: "Expression"
    right: "Expression"

    def __str__(self) -> str:
        power = POWERS[self.operator]
        return f"{_inside(self.left, power)} {self.operator} {_inside(self.right, power + 1)}"


Expression = Exists | Comparison | Membership | Not | Join
POWERS: Final = {"||": 0, "^^": 1, "&&": 2}
"""How tightly an operator binds."""


def _inside(part: Expression, least: int) -> str:
    return f"({part})" if isinstance(part, Join) and POWERS[part.operator] < least else str(part)


def fields_of(expression: Expression) -> set[Field]:
    """All fields that an expression looks at."""
    if isinstance(expression, Join):
        return fields_of(expression.left) | fields_of(expression.right)
    if isinstance(expression, Not):
        return fields_of(expression.part)
    found = {_innermost(expression.field)}
    if isinstance(expression, Comparison) and isinstance(expression.other, Field):
        found.add(_innermost(expression.other))
    return found


def _innermost(field: Field) -> Field:
    return _innermost(field.inner) if isinstance(field, Derived) else field
