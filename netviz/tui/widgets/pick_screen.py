"""A short list over the view, to pick one thing from: a key, a click or enter picks, escape picks none."""

from typing import ClassVar, Final, NamedTuple

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen

from netviz.model.safe import safe
from netviz.tui.cells import fit, wrapped
from netviz.tui.draw.line import Line, plain
from netviz.tui.hangul import latin_keys
from netviz.tui.scene import Scene
from netviz.tui.widgets.menu import CHOICE, Menu, Picked

KEYS: Final = "123456789acdefgh"
"""Keys of the entries, in their order. `b`, `j`, `k`, `q` have a meaning of their own in lists."""


class Entry(NamedTuple):
    """One thing to pick."""

    mark: str
    """What is answered with; a heading, which can not be picked, has none."""

    label: str
    preview: str = ""
    """What it would do, shown behind the label."""


class PickScreen(ModalScreen[str | None]):
    """Answers with the mark of the entry that was picked."""

    AUTO_FOCUS: ClassVar[str | None] = "Menu"
    BINDINGS: ClassVar = [Binding("escape,q", "dismiss(None)", show=False)]

    def __init__(self, scene: Scene, title: str, entries: list[Entry], below: str = "", again: str = "") -> None:
        super().__init__()
        self._scene, self._title, self._entries, self._below = scene, title, entries, below
        self._again = again
        """The key that opened the list: pressed once more it picks the first."""

    def compose(self) -> ComposeResult:
        """One menu."""
        yield Menu("pick", self._lines)

    def on_mount(self) -> None:
        """Draw once the size is known, with the cursor on the first entry."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        menu = self.query_one(Menu)
        menu.show(self._scene)
        menu.border_title = Text(self._title)
        menu.first()

    def _lines(self, scene: Scene, width: int, height: int) -> list[Line]:
        return entry_lines(scene, self._entries, self._below, width)

    def on_picked(self, message: Picked) -> None:
        """An entry was picked."""
        message.stop()
        self.dismiss(message.mark)

    def on_key(self, event: events.Key) -> None:
        """An entry's key, also typed in Hangul mode."""
        typed = event.character or ""
        for letter in latin_keys(typed)[:1] or typed:
            marks = [entry.mark for entry in self._entries if entry.mark]
            if letter == self._again and marks:
                event.stop()
                self.dismiss(marks[0])
            elif letter in KEYS and KEYS.index(letter) < len(marks):
                event.stop()
                self.dismiss(marks[KEYS.index(letter)])
            elif letter != typed:
                self.app.simulate_key(letter)


def entry_lines(scene: Scene, entries: list[Entry], below: str, width: int) -> list[Line]:
    """A line for each entry with its key, what it is, and what it would do."""
    palette, lines = scene.palette, []
    widest = max((Text(entry.label).cell_len for entry in entries if entry.mark), default=0)
    widest = min(widest, max(width // 2, 12))
    keys = iter(KEYS)
    for entry in entries:
        if not entry.mark:
            lines.append(plain(entry.label, palette.ink(palette.accent, True)))
            continue
        text = Text(no_wrap=True, end="")
        text.append(f"{next(keys, ' ')} ", palette.ink(palette.accent, True))
        text.append(fit(entry.label, widest, scene.glyphs.ellipsis), palette.plain())
        room = width - text.cell_len - 2
        if entry.preview and room > 4:
            preview = safe(entry.preview.split("\n")[0], 400)
            text.append(f"  {fit(preview, room, scene.glyphs.ellipsis).rstrip()}", palette.faint())
        lines.append(Line(text, CHOICE, entry.mark))
    if below:
        lines.append(plain(""))
        lines.extend(plain(part, palette.faint()) for part in wrapped(below, max(width - 1, 12)))
    return lines
