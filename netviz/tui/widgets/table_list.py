"""A list of counts: it keeps a cursor of its own, may be put in another order, and leads to the first packet of a row."""

from typing import Protocol, runtime_checkable

from rich.text import Text

from netviz.tui.draw.line import Link, Rows
from netviz.tui.widgets.messages import Followed
from netviz.tui.widgets.row_list import RowList


@runtime_checkable
class Orderable(Protocol):
    """Rows whose order can be chosen."""

    def vary(self, by: int) -> None:
        """Another order."""
        ...

    def flip(self) -> None:
        """The other way round."""
        ...


class TableList(RowList):
    """Rows that stand for no packet of their own."""

    def __init__(self, name: str, rows: Rows) -> None:
        super().__init__(name, rows)
        self._at = 0

    def scene_changed(self) -> None:
        """Take the number of rows from the scene; the cursor stays where it is."""
        super().scene_changed()
        if self.scene is None or not self.room:
            return
        self._current = min(self._at, self._count - 1) if self._count else None
        if isinstance(self.rows, Orderable):
            self.border_subtitle = Text(self.scene.word("statistics.keys", ""))
        self.refresh()

    def _choose(self, index: int) -> None:
        if self._count:
            self._at = self._current = min(max(index, 0), self._count - 1)
            self._reveal(self._at)
            self.refresh()

    def action_follow(self) -> None:
        """Go to the first packet that the row counts."""
        if self.scene is None or self._current is None:
            return
        target = self.rows.target(self.scene, self._current)
        if target is not None and target.packet is not None:
            self.post_message(Followed(Link(target.packet)))

    def action_vary(self, by: int) -> None:
        """Another order."""
        if isinstance(self.rows, Orderable):
            self.rows.vary(by)
            self._at = 0
            self.scene_changed()

    def action_flip(self) -> None:
        """The other way round."""
        if isinstance(self.rows, Orderable):
            self.rows.flip()
            self._at = 0
            self.scene_changed()
