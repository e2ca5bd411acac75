"""The last line: the keys that matter in this view, from the one table of keys, as many as fit."""

from collections import deque

from rich.text import Text

from netviz.tui.cells import fit
from netviz.tui.keys import footer
from netviz.tui.scene import Scene
from netviz.tui.widgets.bar import Bar

_TOLD_SECONDS = 4.0


class KeyBar(Bar):
    """Keys and what they do; each can be clicked."""

    def __init__(self) -> None:
        super().__init__("keys")
        self.view = 1
        self._said = ""
        self.typed: deque[tuple[str, str]] = deque()
        """Keys typed last in presenter mode, each with what it did."""

    def tell(self, sentence: str) -> None:
        """Say something in passing: for some seconds it stands in the place of the keys."""
        self._said = sentence
        self.refresh()
        self.set_timer(_TOLD_SECONDS, lambda: self._forget(sentence))

    def _forget(self, sentence: str) -> None:
        if sentence == self._said:
            self._said = ""
            self.refresh()

    def line(self, scene: Scene, width: int) -> Text:
        """`? Help  1-5 View  tab Pane ...`."""
        palette = scene.palette
        text = Text(no_wrap=True, end="")
        if self._said:
            text.append(f" {self._said} ", palette.on(palette.accent))
            return text
        if scene.present:
            return self._typed_line(scene, text, width)
        for row in footer(self.view, scene.keys):
            words = f"{scene.say(f'key.{row.id}')} "
            if text.cell_len + len(row.shown) + 2 + Text(words).cell_len > width:
                continue
            action = row.action if row.scope == "app" or row.action.startswith("app.") else ""
            self.part(text, f" {row.shown} ", palette.ink(palette.accent, True), action)
            self.part(text, words, palette.plain(), action)
        return text

    def _typed_line(self, scene: Scene, text: Text, width: int) -> Text:
        """The keys that were typed, the newest first and with what it did."""
        palette = scene.palette
        text.append(" ")
        for at, (sign, words) in enumerate(reversed(self.typed)):
            text.append(f" {sign} ", palette.on(palette.accent if at == 0 else palette.dim))
            if at == 0 and words:
                room = min(Text(words).cell_len, max(width - 40, 10))
                text.append(f" {fit(words, room, scene.glyphs.ellipsis)} ", palette.plain(True))
            text.append(" ")
        if not self.typed:
            text.append(f"? {scene.say('key.help')}   P {scene.say('key.present')}", palette.faint())
        return text
