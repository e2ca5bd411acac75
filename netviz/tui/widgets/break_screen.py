"""What playing stops at: a list of kinds, each armed or not, and the packets that were chosen."""

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen

from netviz.tui.breaks import BREAK_KINDS, Breaks
from netviz.tui.cells import wrapped
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.draw.track import SIGNS, mark_style
from netviz.tui.hangul import latin_keys
from netviz.tui.scene import Scene
from netviz.tui.widgets.line_panel import LinePanel


class BreakScreen(ModalScreen[None]):
    """Numbers, a click, or enter arm a kind; escape closes."""

    AUTO_FOCUS: ClassVar[str | None] = "LinePanel"
    BINDINGS: ClassVar = [
        Binding("escape,q,B", "dismiss(None)", show=False),
        Binding("enter,space", "toggle_current", show=False, priority=True),
        *(Binding(str(number), f"arm({number})", show=False) for number in range(1, len(BREAK_KINDS) + 1)),
    ]

    def __init__(self, scene: Scene, breaks: Breaks, arm: Callable[[Breaks], None]) -> None:
        super().__init__()
        self._scene = scene
        self._breaks = breaks
        self._arm = arm

    def compose(self) -> ComposeResult:
        """One panel."""
        yield Kinds("breaks", self._lines)

    def on_mount(self) -> None:
        """Draw once the size is known."""
        self.call_after_refresh(self.query_one(LinePanel).show, self._scene)

    def _lines(self, scene: Scene, width: int, height: int) -> list[Line]:
        return break_lines(scene, self._breaks, width)

    def action_arm(self, number: int) -> None:
        """Arm the kind of that number, or disarm it."""
        self._breaks = self._breaks.with_kind(BREAK_KINDS[number - 1])
        self._changed()

    def action_toggle_current(self) -> None:
        """Arm what the cursor is on, or disarm it."""
        panel = self.query_one(LinePanel)
        mark = panel.lines[panel.at].mark if panel.at is not None else ""
        if mark.isdigit():
            self._breaks = self._breaks.with_packet(int(mark))
        elif mark:
            self._breaks = self._breaks.with_kind(mark)
        self._changed()

    def _changed(self) -> None:
        self._arm(self._breaks)
        self.query_one(LinePanel).scene_changed()

    def on_key(self, event: events.Key) -> None:
        """Keys typed in Hangul mode do what the same keys do in Latin mode."""
        for letter in latin_keys(event.character or " ")[:1]:
            self.app.simulate_key(letter)


class Kinds(LinePanel):
    """The list; a click does what enter does."""

    def on_click(self, event: events.Click) -> None:
        """A kind was clicked."""
        inside = event.get_content_offset(self)
        index = inside.y + self.scroll_offset.y if inside is not None else -1
        if 0 <= index < len(self.lines) and self.lines[index].link is not None:
            self.at = index
            if isinstance(self.screen, BreakScreen):
                self.screen.action_toggle_current()

    def _go(self, index: int) -> None:
        self.at = index
        self._reveal(index)
        self.refresh()


def break_lines(scene: Scene, breaks: Breaks, width: int) -> list[Line]:
    """A line for each kind and each chosen packet. The links only say that a line can be moved to."""
    palette, glyphs = scene.palette, scene.glyphs
    lines = [plain(text, palette.plain()) for text in wrapped(scene.say("break.title"), width - 1)]
    lines.append(plain(""))
    for number, kind in enumerate(BREAK_KINDS, 1):
        box = f"[{glyphs.good if kind in breaks.kinds else ' '}]"
        text = Text(no_wrap=True, end="")
        text.append(f"{number} {box} ", palette.ink(palette.accent, True))
        text.append(f"{SIGNS[kind][glyphs.name == 'ascii']} ", mark_style(scene, kind))
        text.append(scene.say(f"break.{kind}"), palette.plain(kind in breaks.kinds))
        lines.append(Line(text, Link(0, None), kind))
    for packet in sorted(breaks.packets):
        text = Text(f"  [{glyphs.good}] {glyphs.stop} #{packet}", style=palette.plain(True), no_wrap=True, end="")
        lines.append(Line(text, Link(0, None), str(packet)))
    lines.append(plain(""))
    lines.extend(plain(text, palette.faint()) for text in wrapped(scene.say("break.how"), width - 1))
    return lines
