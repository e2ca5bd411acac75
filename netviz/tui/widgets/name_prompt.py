"""A question on one line: what a file is to be called. It stays open until the file is written, or escape."""

from collections.abc import Callable
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widgets import Input

from netviz.model.safe import safe
from netviz.tui.scene import Scene


class Refusal(NamedTuple):
    """Why a file was not written."""

    sentence: str
    is_there: bool
    """There is such a file already, and it may be written over."""


Save = Callable[[str, bool], Refusal | None]
"""Writes the file of a name, over an old one where that is True; None where it is written."""


class NamePrompt(ModalScreen[None]):
    """Enter saves. Where there is such a file already, enter once more on the same name writes over it."""

    AUTO_FOCUS: ClassVar[str | None] = "Input"
    BINDINGS: ClassVar = [Binding("escape", "dismiss(None)", show=False)]

    def __init__(self, scene: Scene, name: str, save: Save) -> None:
        super().__init__()
        self._scene, self._first, self._save = scene, name, save
        self._refused = ""
        """The name that was there already."""

    def compose(self) -> ComposeResult:
        """One field with a name in it."""
        field = Input(self._first, max_length=1024, select_on_focus=False)
        field.border_title = Text(self._scene.say("save.name"))
        yield field

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another name: what was said of the last one is over."""
        if event.value != self._refused:
            self._refused = ""
            event.input.border_subtitle = ""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Try to save."""
        event.stop()
        name = event.value.strip()
        if not name:
            return
        why = self._save(name, name == self._refused)
        if why is None:
            self.dismiss(None)
            return
        self._refused = name if why.is_there else ""
        event.input.border_subtitle = Text(safe(why.sentence, 400))
