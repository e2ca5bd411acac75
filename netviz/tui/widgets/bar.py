"""A line at the edge of the screen whose parts can be clicked."""

from rich.style import Style
from rich.text import Text
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from netviz.tui.cells import fit, strip_of
from netviz.tui.scene import Scene
from netviz.tui.widgets.messages import Pressed


class Bar(Widget):
    """One line. Subclasses append parts; a part with an action does what its key does."""

    ALLOW_SELECT = False

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self.scene: Scene | None = None
        self._parts: list[tuple[int, int, str]] = []

    def show(self, scene: Scene) -> None:
        """Draw a scene."""
        if scene is not self.scene:
            self.scene = scene
            self.refresh()

    def line(self, scene: Scene, width: int) -> Text:
        """The line; parts that can be clicked are added by `part`."""
        raise NotImplementedError

    def part(self, text: Text, words: str, style: Style, action: str = "") -> None:
        """Append a piece to the line, and remember where it is if it can be clicked."""
        start = text.cell_len
        text.append(words, style)
        if action:
            self._parts.append((start, text.cell_len, action))

    def forget(self) -> None:
        """The parts so far are no part of the line: it is begun anew."""
        self._parts.clear()

    def render_line(self, y: int) -> Strip:
        """The line as it is painted."""
        scene = self.scene
        if scene is None or y:
            return Strip.blank(self.size.width, Style())
        self._parts.clear()
        base = Style(color=scene.palette.text, bgcolor=scene.palette.panel)
        return strip_of(self.line(scene, self.size.width), self.size.width, base)

    def on_click(self, event: events.Click) -> None:
        """Do what the clicked part stands for."""
        for start, end, action in self._parts:
            if start <= event.x < end:
                self.post_message(Pressed(action))
                return
        self.clicked(event.x)

    def clicked(self, x: int) -> None:
        """A cell that belongs to no part was clicked."""


def gap(text: Text, width: int, used: int) -> None:
    """Fill the line so that `used` more cells end at its right end."""
    text.append(fit("", max(width - text.cell_len - used, 0)))
