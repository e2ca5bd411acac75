"""Which columns the packet list has, and how wide they are. Pure; any field of the display filter may be one."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from netviz.filter.fields import field_named
from netviz.filter.syntax import Kind
from netviz.pipeline.times import TimeForm

_WIDE: Final = 100
_WIDEST: Final = 150
MOST: Final = 20
"""Columns that can be chosen at once."""
_LEAST_INFO: Final = 12


class Column(NamedTuple):
    """How wide a column is where there is little room, some, and much."""

    small: int
    medium: int
    large: int
    right: bool = False
    """Its values stand at the right end: numbers."""


COLUMNS: Final[dict[str, Column]] = {
    "number": Column(3, 3, 3, True), "time": Column(9, 11, 11), "delta": Column(9, 11, 11, True),
    "source": Column(15, 17, 23), "source-port": Column(6, 6, 6, True), "destination": Column(15, 17, 23),
    "destination-port": Column(6, 6, 6, True), "layer": Column(8, 8, 8), "length": Column(6, 6, 6, True),
    "captured": Column(6, 6, 6, True), "connection": Column(5, 5, 5, True), "exchange": Column(4, 4, 4, True),
    "info": Column(_LEAST_INFO, 20, 30),
}  # fmt: skip
"""The list's own columns; `screen.column.<name>` has the words."""
_TIMES: Final[dict[TimeForm, int]] = {"clock": 15, "utc": 15, "date": 26, "utc-date": 26, "epoch": 17}
_BY_KIND: Final[dict[Kind, Column]] = {
    "ipv4": Column(15, 15, 15), "ipv6": Column(15, 20, 39), "mac": Column(17, 17, 17), "text": Column(12, 16, 24),
    "name": Column(11, 12, 14),
}  # fmt: skip
_NUMBER: Final = Column(7, 9, 11, True)


def is_column(name: str) -> bool:
    """Whether there is such a column: one of the list's own, or a field that has values to show."""
    field = field_named(name)
    return name in COLUMNS or (field is not None and field.kind not in ("protocol", "bytes"))


def column_of(name: str) -> Column:
    """How wide a column is."""
    field = field_named(name)
    return COLUMNS.get(name) or (_BY_KIND.get(field.kind, _NUMBER) if field is not None else _NUMBER)


def automatic(width: int) -> tuple[str, ...]:
    """The columns where none were chosen: those that fit."""
    found = ["number", "time", "source", "destination", "layer"]
    if width >= 72:
        found.append("length")
    if width >= _WIDEST:
        found.append("connection")
    return (*found, "info")


@lru_cache(maxsize=64)
def layout(
    chosen: Sequence[str], width: int, digits: int, form: TimeForm, present: bool
) -> tuple[tuple[str, int], ...]:
    """Names and widths of the columns that fit `width` cells; Info, or the last, takes the rest."""
    if present:
        addresses = ("source", "destination") if width >= _WIDE else ()
        names: Sequence[str] = ("number", *addresses, "layer", "info")
    else:
        names = chosen or automatic(width)
    size = 0 if width < _WIDE or present else 1 if width < _WIDEST else 2
    cells = {name: _cells(name, size, digits, form) for name in names}
    names = _fitting(names, cells, width)
    wide = "info" if "info" in names else names[-1]
    rest = width - 1 - sum(cells[name] + 1 for name in names if name != wide)
    return tuple((name, max(rest - 1, min(cells[name], 8)) if name == wide else cells[name]) for name in names)


def _cells(name: str, size: int, digits: int, form: TimeForm) -> int:
    if name == "number":
        return max(digits, 3)
    if name == "info":
        return _LEAST_INFO
    if name == "time" and form in _TIMES:
        return _TIMES[form]
    return column_of(name)[size]


def _fitting(names: Sequence[str], cells: dict[str, int], width: int) -> tuple[str, ...]:
    """The columns from the left that fit; Info stays, and so does the first."""
    kept: list[str] = []
    room = width - 1 - (cells["info"] + 1 if "info" in names else 0)
    for name in names:
        if name == "info":
            kept.append(name)
        elif cells[name] + 1 <= room or not kept:
            room -= cells[name] + 1
            kept.append(name)
    return tuple(kept)
