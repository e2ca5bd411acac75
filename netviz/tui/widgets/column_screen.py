"""The columns of the packet list: each shown or not, moved up and down, any field of the filter added by its name."""

from collections.abc import Callable
from typing import ClassVar, Final

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from netviz.explain.words import has
from netviz.filter.fields import FIELDS, nearest
from netviz.tui.cells import wrapped
from netviz.tui.columns import COLUMNS, MOST, automatic, is_column, layout
from netviz.tui.draw.line import Line, plain
from netviz.tui.hangul import latin_keys
from netviz.tui.scene import Scene
from netviz.tui.widgets.menu import CHOICE, Menu, Picked

_AROUND: Final = 3
"""Cells of a frame and a scroll bar around the packet list."""


class ColumnScreen(ModalScreen[None]):
    """What is changed is used at once; escape closes."""

    AUTO_FOCUS: ClassVar[str | None] = "Menu"
    BINDINGS: ClassVar = [
        Binding("escape", "leave", show=False),
        Binding("space", "show_or_hide", show=False),
        Binding("shift+up,K", "shift(-1)", show=False, priority=True),
        Binding("shift+down,J", "shift(1)", show=False, priority=True),
        Binding("plus,a", "add", show=False),
        Binding("r", "reset", show=False),
        Binding("q,C", "dismiss", show=False),
    ]

    def __init__(self, scene: Scene, use: Callable[[tuple[str, ...]], None]) -> None:
        super().__init__()
        self._scene, self._use = scene, use
        self._chosen: list[str] = list(scene.columns)
        self._said = ""

    def compose(self) -> ComposeResult:
        """A menu over a field."""
        with Vertical(id="columns"):
            yield Menu("columns--menu", self._lines)
            field = Input(id="columns--field", max_length=100, placeholder=self._scene.say("columns.add"))
            yield field

    def on_mount(self) -> None:
        """Draw once the size is known."""
        self._chosen = self._chosen or list(automatic(self._room()))
        self.call_after_refresh(self._begin)

    def _room(self) -> int:
        """Cells of a row of the packet list, where it has the whole width."""
        return self.app.size.width - _AROUND

    def _begin(self) -> None:
        menu = self.query_one(Menu)
        menu.show(self._scene)
        menu.first()

    def _names(self) -> list[str]:
        """Those that are shown in their order, then the list's others."""
        return [*self._chosen, *(name for name in COLUMNS if name not in self._chosen)]

    def _lines(self, scene: Scene, width: int, height: int) -> list[Line]:
        shown = layout(tuple(self._chosen), self._room(), len(str(scene.total)), scene.time_form, False)
        crowded = set(self._chosen) - {name for name, _ in shown}
        return column_lines(scene, self._names(), self._chosen, crowded, self._said, width)

    def _changed(self, name: str | None) -> None:
        """Use what is chosen, and keep the cursor on a column."""
        self._use(tuple(self._chosen))
        menu = self.query_one(Menu)
        menu.scene_changed()
        if name is not None:
            menu.stand_on(name)

    def _current(self) -> str | None:
        menu = self.query_one(Menu)
        return menu.lines[menu.at].mark if menu.at is not None and menu.at < len(menu.lines) else None

    def on_picked(self, message: Picked) -> None:
        """Enter or a click shows a column, or hides it."""
        message.stop()
        self._toggle(message.mark)

    def action_show_or_hide(self) -> None:
        """Show the column that the cursor is on, or hide it."""
        name = self._current()
        if name is not None:
            self._toggle(name)

    def _toggle(self, name: str) -> None:
        if name not in self._chosen:
            self._chosen.append(name)
        elif len(self._chosen) > 1:
            self._chosen.remove(name)
        del self._chosen[MOST:]
        self._changed(name if name in self._names() else None)

    def action_shift(self, by: int) -> None:
        """Move the column further to the left or to the right in the list."""
        name = self._current()
        if name in self._chosen:
            at = self._chosen.index(name)
            to = min(max(at + by, 0), len(self._chosen) - 1)
            self._chosen.insert(to, self._chosen.pop(at))
            self._changed(name)

    def action_reset(self) -> None:
        """The columns that fit, as they were at first."""
        self._chosen = list(automatic(self._room()))
        self._use(())
        self.query_one(Menu).scene_changed()

    def action_add(self) -> None:
        """Type the name of a field."""
        self.query_one(Input).focus()

    def action_leave(self) -> None:
        """From the field back to the list; from the list to where it was opened."""
        if self.query_one(Input).has_focus:
            self.query_one(Menu).focus()
        else:
            self.dismiss()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Add a field as a column, where there is such a field."""
        event.stop()
        name = event.value.strip().lower()
        if not is_column(name):
            near = nearest(name)
            self._said = self._scene.say("columns.unknown", name=name, near=", ".join(near) or "netviz filters")
            self.query_one(Menu).scene_changed()
            return
        self._said, event.input.value = "", ""
        if name not in self._chosen:
            at = self._chosen.index("info") if "info" in self._chosen else len(self._chosen)
            self._chosen.insert(at, name)
            del self._chosen[MOST:]
        self.query_one(Menu).focus()
        self._changed(name if name in self._chosen else None)

    def on_key(self, event: events.Key) -> None:
        """Keys typed in Hangul mode do what the same keys do in Latin mode."""
        if not self.query_one(Input).has_focus:
            for letter in latin_keys(event.character or " ")[:1]:
                self.app.simulate_key(letter)


def column_lines(
    scene: Scene, names: list[str], chosen: list[str], crowded: set[str], said: str, width: int
) -> list[Line]:
    """A line for each column: whether it is shown, its name, what it is; above them how that is changed."""
    palette = scene.palette
    lines = [plain(part, palette.faint()) for part in wrapped(scene.say("columns.how"), max(width - 1, 12))]
    if said:
        lines.extend(plain(part, palette.ink(palette.bad, True)) for part in wrapped(said, max(width - 1, 12)))
    for name in names:
        text = Text(no_wrap=True, end="")
        on = name in chosen
        text.append(f"[{scene.glyphs.good if on else ' '}] ", palette.ink(palette.accent, True))
        text.append(scene.say(f"column.{name}") if name in COLUMNS else name, palette.plain(on))
        if name in crowded:
            text.append(f"  {scene.glyphs.bad} {scene.say('columns.crowded')}", palette.ink(palette.bad))
        meaning = scene.word(f"filter.field.{name}", "") if name in FIELDS and has(f"filter.field.{name}") else ""
        text.append(f"  {meaning}", palette.faint())
        lines.append(Line(text, CHOICE, name))
    return lines
