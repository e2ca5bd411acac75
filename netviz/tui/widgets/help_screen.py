"""The help page: every key with what it does, and what the signs mean. Derived from the table of keys."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen

from netviz.tui.cells import fit, wrapped
from netviz.tui.draw.line import Line, plain
from netviz.tui.draw.names import osi_name
from netviz.tui.keys import GROUPS, VIEWS
from netviz.tui.scene import Scene
from netviz.tui.widgets.line_panel import LinePanel

_KEY_CELLS = 11


class HelpScreen(ModalScreen[None]):
    """Over the view it explains; any of ?, q, escape closes it."""

    AUTO_FOCUS: ClassVar[str | None] = "LinePanel"
    BINDINGS: ClassVar = [Binding("escape,question_mark,f1,q,ㅂ,enter", "dismiss", show=False)]

    def __init__(self, scene: Scene, view: int) -> None:
        super().__init__()
        self._scene = scene
        self._view = view

    def compose(self) -> ComposeResult:
        """One panel."""
        yield LinePanel("help", self._lines)

    def on_mount(self) -> None:
        """Draw once the size is known."""
        self.call_after_refresh(self.query_one(LinePanel).show, self._scene)

    def _lines(self, scene: Scene, width: int, height: int) -> list[Line]:
        return help_lines(scene, width, self._view)


def help_lines(scene: Scene, width: int, view: int) -> list[Line]:
    """The page: what this view shows, the keys by group, the signs and colours."""
    palette = scene.palette
    name = VIEWS[view - 1]
    lines = [plain(f"{view} {scene.say(f'view.{name}')}", palette.ink(palette.accent, True))]
    lines.extend(plain(text, palette.plain()) for text in wrapped(scene.say(f"about.{name}"), width - 1))
    for group in GROUPS:
        lines.append(plain(""))
        lines.append(plain(scene.say(f"group.{group}"), palette.ink(palette.accent, True)))
        for row in scene.keys:
            if row.group == group:
                lines.extend(_key_lines(scene, row.shown, scene.say(f"help.{row.id}"), width))
    lines.append(plain(""))
    lines.append(plain(scene.say("group.signs"), palette.ink(palette.accent, True)))
    for osi in (2, 3, 4, 6, 7):
        text = Text(" ", no_wrap=True, end="")
        text.append(fit(f" {osi} {osi_name(scene, osi)}", 22), palette.on(palette.layer(osi)))
        lines.append(Line(text))
    for key in ("signs.checks", "signs.time", "signs.track", "signs.guess"):
        lines.extend(plain(f" {text}", palette.plain()) for text in wrapped(scene.say(key), width - 2))
    return lines


def _key_lines(scene: Scene, shown: str, words: str, width: int) -> list[Line]:
    lines = []
    for at, text in enumerate(wrapped(words, width - _KEY_CELLS - 2)):
        line = Text(no_wrap=True, end="")
        line.append(fit(f" {shown}" if at == 0 else "", _KEY_CELLS), scene.palette.ink(scene.palette.accent, True))
        line.append(text, scene.palette.plain())
        lines.append(Line(line))
    return lines
