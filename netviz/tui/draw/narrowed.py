"""A list that a display filter narrows: the rows of another list, of which those that do not match are left out."""

from collections.abc import Callable

import numpy as np
from rich.text import Text

from netviz.tui.draw.line import Rows, Target
from netviz.tui.scene import Scene
from netviz.tui.shown import Numbers

Chosen = Callable[[Scene], Numbers]
"""Indexes that match, ascending. It is only asked where there is a filter."""


def packets(scene: Scene) -> Numbers:
    """Rows of packets that match."""
    assert scene.shown is not None
    return scene.shown.rows


def exchanges(scene: Scene) -> Numbers:
    """Exchanges of which a packet that matches has come."""
    assert scene.shown is not None
    return scene.shown.exchanges[scene.shown.exchanges_since < scene.moment.as_of]


def fetches(scene: Scene) -> Numbers:
    """Fetches of which one exchange has a packet that matches and has come."""
    wanted = set((exchanges(scene) + 1).tolist())
    known = scene.known_fetches()
    return np.array([at for at, fetch in enumerate(known) if wanted.intersection(fetch.exchanges)], np.int64)


class Narrowed:
    """Rows of a list as far as the filter leaves them."""

    def __init__(self, rows: Rows, chosen: Chosen) -> None:
        self.rows = rows
        """The list with no filter."""
        self._chosen = chosen
        self._key: tuple[object, ...] = ()
        self._indexes = np.empty(0, np.int64)

    def left(self, scene: Scene) -> Numbers | None:
        """Indexes of the rows that the filter leaves, ascending; None where it leaves all."""
        return self._matching(scene) if scene.shown is not None and scene.shown.narrows else None

    def _matching(self, scene: Scene) -> Numbers:
        """Indexes that match, worked out once for each position: a list asks for them row by row."""
        key = (scene.shown, scene.moment.as_of, id(scene.fetches))
        if key != self._key:
            self._key, self._indexes = key, self._chosen(scene)
        return self._indexes

    def forget(self) -> None:
        """The list has other rows than before: what matches is worked out anew."""
        self._key = ()

    def index(self, scene: Scene, index: int) -> int:
        """Where a row stands in the list with no filter."""
        indexes = self.left(scene)
        return index if indexes is None else int(indexes[index])

    def count(self, scene: Scene) -> int:
        """How many are left."""
        indexes, every = self.left(scene), self.rows.count(scene)
        return every if indexes is None else int(np.searchsorted(indexes, every))

    def head(self, scene: Scene, width: int) -> list[Text]:
        """The list's own head."""
        return self.rows.head(scene, width)

    def row(self, scene: Scene, index: int, width: int) -> Text:
        """One row; where nothing is hidden, those that match are marked and the others stand back."""
        at = self.index(scene, index)
        text = self.rows.row(scene, at, width)
        shown = scene.shown
        if shown is None or not shown.active or shown.hides:
            return text
        indexes = self._matching(scene)
        place = int(np.searchsorted(indexes, at))
        if place >= len(indexes) or int(indexes[place]) != at:
            return Text(text.plain, style=scene.palette.faint(), no_wrap=True, end="")
        mark = Text(scene.glyphs.closed, style=scene.palette.ink(scene.palette.accent, True), no_wrap=True, end="")
        return mark.append_text(text[1:])

    def colour(self, scene: Scene, index: int) -> str:
        """The list's own."""
        return self.rows.colour(scene, self.index(scene, index))

    def current(self, scene: Scene) -> int | None:
        """The current row, where it is left."""
        indexes, at = self.left(scene), self.rows.current(scene)
        if indexes is None or at is None:
            return at
        place = int(np.searchsorted(indexes, at))
        return place if place < len(indexes) and int(indexes[place]) == at else None

    def every(self, scene: Scene) -> int:
        """Rows of the list with no filter."""
        return self.rows.count(scene)

    def at(self, scene: Scene) -> int | None:
        """The current row, counted in the list with no filter."""
        return self.rows.current(scene)

    def before(self, scene: Scene) -> int | None:
        """Rows that stand before the current one, where that itself is hidden."""
        indexes, at = self.left(scene), self.rows.current(scene)
        return None if indexes is None or at is None else int(np.searchsorted(indexes, at))

    def target(self, scene: Scene, index: int) -> Target | None:
        """The list's own."""
        return self.rows.target(scene, self.index(scene, index))

    def empty(self, scene: Scene) -> str:
        """Nothing matches, or the list's own reason."""
        if scene.shown is not None and scene.shown.narrows and self.rows.count(scene):
            return scene.say("filter.empty")
        return self.rows.empty(scene)
