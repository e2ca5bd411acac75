"""A list of any length: it asks for the rows that are on screen and for no others."""

import re
from typing import Final

from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.strip import Strip

from netviz.tui.cells import joined
from netviz.tui.draw.captions import line_caption, packet_caption
from netviz.tui.draw.found import found_style, with_found
from netviz.tui.draw.line import Link, Rows, Target
from netviz.tui.draw.narrowed import Narrowed
from netviz.tui.scene import Scene
from netviz.tui.widgets.messages import Chosen, Followed
from netviz.tui.widgets.pane import Pane

_LISTS: Final = {
    1: ("packets--list", "layers--list"), 3: ("connections--list",), 4: ("exchanges--list",), 5: ("cors--list",),
}  # fmt: skip
"""The lists of the views, by which view is searched."""
_ALL: Final = 600
"""Cells in which a row has room for everything."""


class RowList(Pane):
    """Rows under a fixed head. Which row is current is the scene's matter, not the list's."""

    def __init__(self, name: str, rows: Rows) -> None:
        super().__init__(name)
        self.rows = rows
        self._count = 0
        self._current: int | None = None
        self._head: list[Text] = []
        self._tails = True
        """Of a capture that goes on, the newest rows stay in sight: until somebody goes elsewhere."""
        self._to_end = False
        """The last row was asked for: when it is current, the newest are followed again."""
        self._pointed: Target | None = None

    def scene_changed(self) -> None:
        """Take the number of rows and the current one from the scene, and keep it in sight."""
        scene = self.scene
        if scene is None or not self.room:
            return
        self._count = self.rows.count(scene)
        self._current = self.rows.current(scene)
        self._head = self.rows.head(scene, self.room)
        hidden = self.size.height - len(self._head) - self.shown
        self.virtual_size = Size(self.size.width, self._count + len(self._head) + max(hidden, 0))
        self._keep_tail(scene)
        if self._tails and _goes_on(scene):
            self.scroll_to(y=max(self._count - self.shown, 0), animate=False, force=True)
        elif self._current is not None:
            self._reveal(self._current)
        self.refresh()

    def _keep_tail(self, scene: Scene) -> None:
        """Where the scene points elsewhere than before, that is what has to be in sight."""
        pointed = self.rows.target(scene, self._current) if self._current is not None else None
        before, self._pointed = self._pointed, pointed
        if before is not None and pointed != before:
            self._tails, self._to_end = self._to_end, False

    @property
    def shown(self) -> int:
        """Rows that fit under the head."""
        return max((self.size.height - len(self._head)) // self.pitch, 1)

    @property
    def pitch(self) -> int:
        """Lines from one row to the next."""
        return 2 if self.scene is not None and self.scene.present else 1

    def _reveal(self, index: int) -> None:
        top = self.scroll_offset.y
        if index < top:
            self.scroll_to(y=index, animate=False, force=True)
        elif index >= top + self.shown:
            self.scroll_to(y=index - self.shown + 1, animate=False, force=True)

    def _in_sight(self, index: int) -> bool:
        return 0 <= index - self.scroll_offset.y < self.shown

    def line_at(self, y: int) -> Strip:
        """One line of the screen."""
        scene = self.scene
        if scene is None:
            return self.blank()
        if y < len(self._head):
            return self.painted(self._head[y])
        if not self._count:
            empty = Text(f" {self.rows.empty(scene)}", no_wrap=True, end="")
            return self.painted(empty, self.base() + scene.palette.faint()) if y == len(self._head) else self.blank()
        index = self._row_at(y)
        if index is None:
            return self.blank()
        line = self.rows.row(scene, index, self.room)
        if self._holds_found(scene, index):
            line = joined((scene.glyphs.found, found_style(scene))).append_text(line[1:])
        line = self._with_mark(scene, index, line)
        if index != self._current:
            return self.painted(with_found(scene, line))
        ground = scene.palette.on(self.rows.colour(scene, index))
        return self.painted(with_found(scene, Text(line.plain, no_wrap=True, end=""), True), ground)

    def _with_mark(self, scene: Scene, index: int, line: Text) -> Text:
        """A marked packet's row begins with a sign."""
        if not scene.marks or self.id not in _LISTS[1] or not isinstance(self.rows, Narrowed):
            return line
        if self.rows.index(scene, index) + 1 not in scene.marks:
            return line
        return joined((scene.glyphs.mark, scene.palette.ink(scene.palette.warn, True))).append_text(line[1:])

    def _holds_found(self, scene: Scene, index: int) -> bool:
        """Whether a row is one of those that were searched for and found, though it may not say so itself."""
        sought = scene.sought
        if sought is None or self.id not in _LISTS.get(sought.view, ()):
            return False
        return sought.has(self.rows.index(scene, index) if isinstance(self.rows, Narrowed) else index)

    def sentence_at(self, y: int) -> str:
        """What the row's packet is; else what the row says."""
        index, scene = self._row_at(y), self.scene
        if index is None or scene is None:
            return ""
        target = self.rows.target(scene, index)
        if target is not None and target.packet is not None and target.connection is None and target.exchange is None:
            return packet_caption(scene, target.packet)
        link = Link(target.packet) if target is not None and target.packet is not None else None
        return line_caption(scene, self.rows.row(scene, index, _ALL).plain, link)

    def _row_at(self, y: int) -> int | None:
        """The row on a line of the pane; None on the head, between rows, and after the last."""
        row, between = divmod(y - len(self._head), self.pitch)
        index = row + self.scroll_offset.y
        return index if y >= len(self._head) and not between and index < self._count else None

    def _choose(self, index: int) -> None:
        if self.scene is None or not self._count:
            return
        target = self.rows.target(self.scene, min(max(index, 0), self._count - 1))
        if target is not None:
            self.post_message(Chosen(target))

    def standing(self) -> tuple[int | None, int]:
        """The current row and how many there are, counted with no filter."""
        if self.scene is None:
            return None, 0
        if isinstance(self.rows, Narrowed):
            return self.rows.at(self.scene), self.rows.every(self.scene)
        return self._current, self._count

    def target_of(self, item: int) -> Target | None:
        """What choosing a row means, counted with no filter; None where the list keeps a cursor of its own."""
        return self.rows.rows.target(self.scene, item) if self.scene and isinstance(self.rows, Narrowed) else None

    def stand(self, item: int) -> None:
        """Move the cursor to a row, counted in the list as it is."""
        self._choose(item)

    def current_text(self) -> str:
        """The current row with nothing cut off."""
        if self.scene is None or self._current is None:
            return ""
        return re.sub(r" {3,}", "  ", self.rows.row(self.scene, self._current, _ALL).plain).strip()

    def action_move(self, by: int) -> None:
        """Some rows up or down."""
        at = self._current
        if self._tails and self.scene is not None and _goes_on(self.scene) and (at is None or not self._in_sight(at)):
            # The newest rows are in sight, the current one is not: begin at the newest.
            self._choose(self._count - 1)
            return
        if at is None and self.scene is not None and isinstance(self.rows, Narrowed):
            before = self.rows.before(self.scene)
            # The current row is hidden: it stands between the one before it and the next.
            at = None if before is None else before - (by > 0)
        self._choose((at if at is not None else -1 if by > 0 else self._count) + by)

    def action_edge(self, by: int) -> None:
        """The first or the last row; from the last on the newest are followed."""
        self._tails = self._to_end = by > 0
        self._choose(0 if by < 0 else self._count - 1)

    def action_follow(self) -> None:
        """Go to the packet of the current row."""
        if self.scene is None or self._current is None:
            return
        target = self.rows.target(self.scene, self._current)
        if target is not None and target.packet is not None:
            self.post_message(Followed(Link(target.packet, target.span)))

    def on_click(self, event: events.Click) -> None:
        """A row was clicked; twice is following it."""
        inside = event.get_content_offset(self)
        if inside is None or inside.y < len(self._head):
            return
        index = self._row_at(inside.y - (inside.y - len(self._head)) % self.pitch)
        if index is not None:
            self._choose(index)
            if event.chain > 1:
                self.action_follow()

    def on_mouse_scroll_up(self) -> None:
        """Somebody looks at older rows."""
        self._tails = False

    def on_mouse_scroll_down(self) -> None:
        """At the end the newest are followed again."""
        self._tails = self.scroll_offset.y + self.shown >= self._count - 1

    def on_focus(self) -> None:
        """The current row is drawn otherwise with the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """The current row is drawn otherwise without it."""
        self.refresh()


def _goes_on(scene: Scene) -> bool:
    """Whether more is to come, and all that has come is shown."""
    return scene.store.info.live is not None and not scene.store.finished and scene.moment.as_of == scene.total
