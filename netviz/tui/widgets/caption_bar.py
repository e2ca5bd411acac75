"""Presenter mode's sentence under the view: what the selected packet is, or what the number is that was pointed at."""

from typing import Final

from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget

from netviz.tui.cells import strip_of, wrapped
from netviz.tui.scene import Scene

_LINES: Final = 4


class CaptionBar(Widget):
    """A few lines in the theme's strongest contrast. Its height does not change, so that nothing jumps above it."""

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(id="caption")
        self.scene: Scene | None = None
        self.sentence = ""

    def say(self, scene: Scene, sentence: str) -> None:
        """Show a sentence."""
        self.scene, self.sentence = scene, sentence
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the sentence."""
        width = self.size.width
        if self.scene is None:
            return Strip.blank(width)
        palette = self.scene.palette
        lines = wrapped(self.sentence, max(width - 4, 8))
        if len(lines) > _LINES:
            lines = [*lines[: _LINES - 1], f"{lines[_LINES - 1].rstrip()} {self.scene.glyphs.ellipsis}"]
        style = palette.on(palette.text)
        words = f"  {lines[y]}" if y < len(lines) else ""
        return strip_of(Text(words, style=style, no_wrap=True, end=""), width, style)
