"""A pane of lines of which some can be picked. What picking means is for who listens."""

from textual import events
from textual.message import Message

from netviz.tui.draw.line import Line, Link
from netviz.tui.scene import Scene
from netviz.tui.widgets.line_panel import LinePanel

CHOICE = Link(0, None)
"""Link of a line that can be picked; its mark says what it stands for."""


class Picked(Message):
    """A line was picked."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self.mark = mark


class Menu(LinePanel):
    """Enter or a click picks."""

    def _found(self, scene: Scene, before: Line | None) -> int | None:
        """The line that was current is found again by what it stands for."""
        return self._standing_for(before.mark) if before is not None else None

    def _standing_for(self, mark: str) -> int | None:
        return next((at for at, line in enumerate(self.lines) if line.mark == mark and line.link == CHOICE), None)

    def _go(self, index: int) -> None:
        self.at = index
        self._reveal(index)
        self.refresh()

    def stand_on(self, mark: str) -> None:
        """The cursor on the line that stands for something."""
        at = self._standing_for(mark)
        if at is not None:
            self._go(at)

    def first(self) -> None:
        """The cursor on the first line that can be picked, where there is none yet."""
        links = self._links()
        if self.at is None and links:
            self.at = links[0]
            self.refresh()

    def action_follow(self) -> None:
        """Pick the current line."""
        if self.at is not None and self.at < len(self.lines):
            self.post_message(Picked(self.lines[self.at].mark))

    def on_click(self, event: events.Click) -> None:
        """A line was clicked."""
        inside = event.get_content_offset(self)
        index = inside.y + self.scroll_offset.y if inside is not None else -1
        if 0 <= index < len(self.lines) and self.lines[index].link is not None:
            self._go(index)
            self.action_follow()
