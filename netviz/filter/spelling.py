"""Values as they are written in a filter."""

from typing import Final

from netviz.filter.lexer import quoted
from netviz.filter.syntax import Kind
from netviz.model.endpoint import address_text

_LONGEST: Final = 80


def written(kind: Kind, value: int | str | bytes) -> str | None:
    """A value as it is written in a filter; None for one too long to type."""
    if isinstance(value, bytes):
        return value.hex(":") if kind == "mac" else address_text(value)
    if isinstance(value, str):
        return quoted(value) if len(value) <= _LONGEST and value.isprintable() else None
    return str(value)
