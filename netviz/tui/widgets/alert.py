"""A line over the line of time that says what went wrong while the screen stays. Not there while nothing did."""

from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget

from netviz.tui.cells import strip_of, wrapped
from netviz.tui.scene import Scene

_MOST_LINES = 3


class Alert(Widget):
    """One sentence, over as many lines as it needs, up to a few."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(id="alert")
        self.scene: Scene | None = None
        self.sentence = ""

    def say(self, scene: Scene, sentence: str) -> None:
        """Show a sentence, or nothing."""
        if sentence == self.sentence and scene.palette is (self.scene.palette if self.scene else None):
            return
        self.scene, self.sentence = scene, sentence
        self.display = bool(sentence)
        self.styles.height = len(self._lines(self.size.width or self.app.size.width)) or 1
        self.refresh()

    def _lines(self, width: int) -> list[str]:
        if self.scene is None or not self.sentence:
            return []
        return wrapped(f" {self.scene.glyphs.bad} {self.sentence}", max(width - 1, 8), "   ")[:_MOST_LINES]

    def render_line(self, y: int) -> Strip:
        """One line of the sentence."""
        width = self.size.width
        lines = self._lines(width)
        if self.scene is None or y >= len(lines):
            return Strip.blank(width)
        style = self.scene.palette.on(self.scene.palette.bad)
        return strip_of(Text(lines[y], style=style, no_wrap=True, end=""), width, style)
