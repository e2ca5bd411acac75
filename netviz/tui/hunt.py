"""One run of a search through what there is, and from what it finds to rows of a list. May run beside the screen."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from netviz.filter.search import Search
from netviz.http.exchange import Message
from netviz.tui.draw.line import Rows
from netviz.tui.draw.narrowed import Narrowed
from netviz.tui.scene import Scene
from netviz.tui.shown import Numbers
from netviz.tui.sought import Sought

Hit = tuple[int, int]
"""A row of the list (as it is with no filter), and the packet to go to; 0 where the row itself leads there."""

_WIDE = 600


@dataclass(slots=True, eq=False)
class Hunt:
    """It begins at the current row and goes once around."""

    search: Search
    view: int
    start: int
    """Where it begins: a packet's row, an exchange's index, a row of the list."""

    total: int
    version: int
    scene: Scene
    """The scene in which it was begun."""

    pending: int = 0
    """What the user waits for: 1 the next, -1 the previous, 2 the first, which may be the current row; 0 nothing."""

    _ahead: Numbers = field(default_factory=lambda: np.empty((0, 2), np.int64))
    _behind: Numbers = field(default_factory=lambda: np.empty((0, 2), np.int64))
    _fresh: list[tuple[Hit, bool]] = field(default_factory=list)

    def add(self, hits: list[Hit], behind: bool) -> None:
        """What one piece held; `behind`: a piece before the start."""
        self._fresh.extend((hit, behind) for hit in hits)

    def found(self) -> tuple[Numbers, Numbers]:
        """Rows of the list that hold it so far, ascending, and the packet to go to for each."""
        for behind in (False, True):
            fresh = [hit for hit, is_behind in self._fresh if is_behind == behind]
            if fresh:
                pairs = np.array(fresh, np.int64)
                if behind:
                    self._behind = np.concatenate((self._behind, pairs))
                else:
                    self._ahead = np.concatenate((self._ahead, pairs))
        self._fresh.clear()
        pairs = np.concatenate((self._behind, self._ahead))
        if self.view == 1 and self.search.query.kind != "body":
            return pairs[:, 0], pairs[:, 1]
        items, first = np.unique(pairs[:, 0], return_index=True)
        return items, pairs[first, 1]

    def is_nearest(self, sought: Sought, item: int, by: int, wrapped: bool) -> bool:
        """Whether all between the current row and a found one has been looked at; known where rows are packets."""
        if sought.view != 1 or self.search.query.kind == "body" or by < 0 or sought.at is None:
            return False
        if wrapped:
            return sought.looked >= self.total - self.start and item < self.start <= sought.at
        return sought.at >= self.start or item < self.start


def pieces(start: int, total: int, size: int) -> Iterator[tuple[int, int]]:
    """Pieces from `start` to the end, then from the beginning to `start`."""
    for low, high in ((start, total), (0, min(start, total))):
        for first in range(low, high, size):
            yield first, min(first + size, high)


def hits_of(scene: Scene, search: Search, view: int, rows: Rows, first: int, stop: int) -> list[Hit]:
    """Rows of a view's list that hold what is searched for, out of one piece of what there is."""
    if search.query.kind == "body":
        return [hit for body in search.bodies(first, stop) for hit in _of_body(scene, *body, view)]
    if search.query.kind == "list" and view != 1:
        return [(index, 0) for index in range(first, stop) if _says(scene, search, rows, index)]
    found = search.rows(first, stop)
    if view == 1:
        return [(row, row + 1) for row in found]
    return [hit for row in found for hit in _of_packet(scene, row, view)]


def _says(scene: Scene, search: Search, rows: Rows, index: int) -> bool:
    inner = rows.rows if isinstance(rows, Narrowed) else rows
    text = inner.row(scene, index, _WIDE).plain
    return search.needle is not None and search.needle.found_in(text.encode("utf-8", "surrogatepass"))


def _of_packet(scene: Scene, row: int, view: int) -> list[Hit]:
    """The row of the list that a packet belongs to."""
    if view == 3:
        connection = scene.store.connection_of(row)
        return [] if connection is None else [(connection, row + 1)]
    exchange = scene.store.exchange_of(row)
    if exchange is None:
        return []
    return [(item, row + 1) for item in _rows_of_exchange(scene, exchange - 1, view)]


def _of_body(scene: Scene, index: int, message: Message, view: int) -> list[Hit]:
    connection = scene.store.exchanges[index].connection
    carriers = scene.store.carriers(message, connection)
    head = message.body_start - message.start
    # The packet in which the body begins.
    packet = next((each.packet for each in carriers if each.offset + each.length > head), message.first_row + 1)
    if view == 1:
        return [(packet - 1, packet)]
    if view == 3:
        return [(connection, packet)]
    return [(item, packet) for item in _rows_of_exchange(scene, index, view)]


def _rows_of_exchange(scene: Scene, index: int, view: int) -> list[int]:
    if view == 4:
        return [index]
    fetches = scene.fetches or ()
    return [at for at, fetch in enumerate(fetches) if index + 1 in fetch.exchanges] if view == 5 else []
