"""What a search has found, as one value of the scene. Knows no widget."""

from dataclasses import dataclass, field, replace

import numpy as np

from netviz.filter.needle import Needle, Query
from netviz.tui.shown import Numbers

_NONE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Sought:
    """A query and what holds it so far, in the list of one view."""

    query: Query
    needle: Needle | None
    """None where a display filter is searched by."""

    names: frozenset[str] = frozenset()
    """Fields that such a filter looks at."""

    view: int = 1
    """The view in whose list it is searched; 1 also for view 2, which has the same list."""

    items: Numbers = field(default_factory=lambda: _NONE)
    """Indexes of rows of the list (with no filter), ascending."""

    packets: Numbers = field(default_factory=lambda: _NONE)
    """For each the number of the packet to go to, 0 where the row itself says it."""

    looked: int = 0
    total: int = 0
    """Of so many things (packets, exchanges, rows) so many have been looked at."""

    done: bool = False
    stopped: bool = False
    """The user stopped it before it was done."""

    left: Numbers = field(default_factory=lambda: _NONE)
    """Those of the items that a filter leaves at the present position."""

    later: int = 0
    """How many more the filter leaves after the present position."""

    at: int | None = None
    """The current row of the list."""

    filtered: Numbers = field(default_factory=lambda: _NONE)
    source: Numbers | None = None
    of: Numbers | None = None
    """The items that a filter leaves anywhere, of which items, and the rows of that filter: kept, as they change seldom."""

    @property
    def things(self) -> str:
        """What the rows are: `search.things.<name>` has the words."""
        return {1: "packets", 3: "connections", 4: "exchanges", 5: "fetches"}.get(self.view, "rows")

    @property
    def lights_text(self) -> bool:
        """Whether what was typed is lit wherever it stands."""
        return self.needle is not None and self.query.kind != "hex"

    def has(self, item: int) -> bool:
        """Whether a row of the list holds it."""
        at = int(np.searchsorted(self.items, item))
        return at < len(self.items) and int(self.items[at]) == item

    def packet(self, item: int) -> int | None:
        """The packet to go to in a row of the list."""
        at = int(np.searchsorted(self.items, item))
        return int(self.packets[at]) or None if at < len(self.items) and int(self.items[at]) == item else None

    def within(self, indexes: Numbers | None, count: int, at: int | None) -> "Sought":
        """The same under a filter (`indexes`, None for none), at a position (`count` rows), with a current row."""
        filtered = self.filtered
        if self.source is not self.items or self.of is not indexes:
            filtered = self.items if indexes is None else np.intersect1d(self.items, indexes, assume_unique=True)
        stop = int(np.searchsorted(filtered, count))
        if filtered is self.filtered and stop == len(self.left) and at == self.at:
            return self
        left, later = filtered[:stop], len(filtered) - stop
        return replace(self, source=self.items, of=indexes, filtered=filtered, left=left, later=later, at=at)


def next_of(items: Numbers, at: int | None, by: int, here: bool = False) -> tuple[int, bool] | None:
    """The next row after `at` (or before, where `by` is negative) and whether that meant to begin anew at the other end.

    `here`: the row at `at` itself counts as the next.
    """
    if not len(items):
        return None
    if at is None:
        return int(items[0 if by > 0 else -1]), False
    if by > 0:
        place = int(np.searchsorted(items, at, "left" if here else "right"))
        return (int(items[place]), False) if place < len(items) else (int(items[0]), True)
    place = int(np.searchsorted(items, at, "right" if here else "left")) - 1
    return (int(items[place]), False) if place >= 0 else (int(items[-1]), True)
