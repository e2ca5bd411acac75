"""A question on one line: which packet to go to."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widgets import Input

from netviz.tui.scene import Scene


class GoTo(ModalScreen[int | None]):
    """Asks for a packet number; escape gives none."""

    AUTO_FOCUS: ClassVar[str | None] = "Input"
    BINDINGS: ClassVar = [Binding("escape", "dismiss(None)", show=False)]

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self._scene = scene

    def compose(self) -> ComposeResult:
        """One field, digits only."""
        field = Input(type="integer", max_length=12)
        field.border_title = Text(self._scene.say("go-to.title", total=self._scene.total))
        yield field

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the number, if there is such a packet."""
        text = event.value.strip()
        number = int(text) if text.isascii() and text.isdigit() else 0
        self.dismiss(number if 1 <= number <= self._scene.total else None)
