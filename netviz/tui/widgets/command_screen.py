"""The command list: type some letters of what is to be done, in either language, and enter does it."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.screen import ModalScreen
from textual.widgets import Input

from netviz.tui.cells import beside
from netviz.tui.commands import Command, found_commands
from netviz.tui.draw.line import Line, plain
from netviz.tui.scene import Scene
from netviz.tui.widgets.menu import CHOICE, Menu, Picked


class CommandScreen(ModalScreen[Command | None]):
    """Answers with the command that was picked."""

    AUTO_FOCUS: ClassVar[str | None] = "Input"
    BINDINGS: ClassVar = [
        Binding("escape,ctrl+p", "dismiss(None)", show=False, priority=True),
        *(
            Binding(key, action, show=False, priority=True)
            for key, action in (
                ("up,ctrl+k", "move(-1)"), ("down,ctrl+j", "move(1)"),
                ("pageup", "page(-1)"), ("pagedown", "page(1)"), ("enter", "pick"),
            )
        ),
    ]  # fmt: skip

    def __init__(self, scene: Scene, offered: list[Command]) -> None:
        super().__init__()
        self._scene, self._offered, self._found = scene, offered, offered

    def compose(self) -> ComposeResult:
        """A line to type in over a list."""
        with Container(id="commands-box"):
            yield Input(id="commands--wanted", select_on_focus=False)
            yield Menu("commands", self._lines)

    def on_mount(self) -> None:
        """Draw once the size is known."""
        self.query_one(Input).border_title = Text(self._scene.say("command.title"))
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        menu = self.query_one(Menu)
        menu.can_focus = False
        menu.show(self._scene)
        menu.first()

    def _lines(self, scene: Scene, width: int, height: int) -> list[Line]:
        return command_lines(scene, self._found, width)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for it."""
        self._found = found_commands(self._scene, self._offered, event.value)
        menu = self.query_one(Menu)
        if menu.scene is not None:
            menu.at = None
            menu.scene_changed()
            menu.scroll_to(y=0, animate=False, force=True)
            menu.first()

    def action_move(self, by: int) -> None:
        """Another line of the list."""
        self.query_one(Menu).action_move(by)

    def action_page(self, by: int) -> None:
        """A screenful of the list further."""
        self.query_one(Menu).action_page(by)

    def action_pick(self) -> None:
        """Do what the cursor is on."""
        self.query_one(Menu).action_follow()

    def on_picked(self, message: Picked) -> None:
        """A line was picked."""
        message.stop()
        if message.mark:
            self.dismiss(self._found[int(message.mark)])


def command_lines(scene: Scene, found: list[Command], width: int) -> list[Line]:
    """A line for each command: what it does, its key at the right."""
    palette = scene.palette
    if not found:
        return [plain(scene.say("command.none"), palette.faint())]
    return [
        Line(
            beside(
                Text(command.title, style=palette.plain(), no_wrap=True, end=""),
                Text(f" {command.keys}", style=palette.ink(palette.accent, True), no_wrap=True, end=""),
                width,
            ),
            CHOICE,
            str(at),
        )
        for at, command in enumerate(found)
    ]
