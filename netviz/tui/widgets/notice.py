"""A sentence in the middle of the screen: the terminal is too small, or the capture could not be read."""

from rich.style import Style
from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget

from netviz.tui.cells import centred, strip_of, wrapped
from netviz.tui.scene import Scene


class Notice(Widget):
    """Covers everything while it is shown."""

    def __init__(self) -> None:
        super().__init__(id="notice")
        self.scene: Scene | None = None
        self.sentence = ""

    def say(self, scene: Scene, sentence: str) -> None:
        """Show a sentence."""
        if sentence != self.sentence or scene is not self.scene:
            self.scene, self.sentence = scene, sentence
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The sentence, wrapped and in the middle."""
        width, height = self.size
        if self.scene is None or width < 4:
            return Strip.blank(width, Style())
        palette = self.scene.palette
        base = Style(color=palette.text, bgcolor=palette.background)
        lines = wrapped(self.sentence, max(width - 4, 4))
        at = y - max((height - len(lines)) // 2, 0)
        words = centred(lines[at], width) if 0 <= at < len(lines) else ""
        return strip_of(Text(words, style=palette.plain(True), no_wrap=True, end=""), width, base)
