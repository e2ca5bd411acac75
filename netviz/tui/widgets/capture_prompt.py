"""What is asked before an interface is watched: all of it, or a part, chosen in plain words or written as BPF.

+- Capture on eth0 ------------------------------------+
| 1 Everything                                         |
| 2 Web (port 80)                          tcp port 80 |
| 3 ...                                                |
| +- Capture filter (BPF) ---------------------------+ |
| | tcp port 80 and                                  | |
| +--------------------------------------------------+ |
| tcp port 80 and                                      |
|                ^                                     |
| x the capture filter is not finished ...             |
| enter Capture  tab Edit  esc Back                    |
+------------------------------------------------------+
"""

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from netviz.errors import NetvizError
from netviz.explain.words import say
from netviz.model.safe import safe
from netviz.tui.draw.capture_choices import CHOICES, answer_lines, choice_lines, command_of
from netviz.tui.draw.line import Line
from netviz.tui.scene import Scene
from netviz.tui.widgets.bar import Bar
from netviz.tui.widgets.line_panel import LinePanel
from netviz.tui.widgets.menu import Menu, Picked
from netviz.tui.widgets.messages import Pressed

_KEYS = (("enter", "capture.go", "go"), ("tab", "capture.other", "other"), ("esc", "capture.back", "back"))
_PAUSE = 0.25
"""Seconds without a key after which what was typed is tried."""


class CapturePrompt(ModalScreen[str | None]):
    """Ends with a capture filter that compiles, empty for everything; None where the user went back."""

    AUTO_FOCUS: ClassVar[str | None] = ""
    BINDINGS: ClassVar = [
        Binding("escape", "back", show=False),
        Binding("tab,shift+tab", "other", show=False, priority=True),
        *(Binding(str((number + 1) % 10), f"choose({number})", show=False) for number in range(len(CHOICES))),
    ]

    def __init__(self, scene: Scene, interface: str, check: Callable[[str], None], first: int = 0) -> None:
        """`check` raises a NetvizError for a filter that does not compile; `first` is the choice to begin with."""
        super().__init__()
        self._scene = scene
        self._interface = interface
        self._check = check
        self._first = first
        self._wrong: NetvizError | None = None

    def compose(self) -> ComposeResult:
        """Choices over a line to type in, over what is to be said of it."""
        with Container(id="capture"):
            yield Choices("capture--choices", lambda scene, width, height: choice_lines(scene, width))
            yield Input(id="capture--filter", select_on_focus=False)
            answer = LinePanel("capture--answer", self._answer)
            answer.can_focus = False
            yield answer
            yield PromptKeys()

    def on_mount(self) -> None:
        """Draw once the sizes are known."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        scene = self._scene
        self.query_one("#capture").border_title = Text(scene.say("capture.title", name=safe(self._interface, 32)))
        self._field.border_title = Text(scene.say("capture.filter"))
        for panel in self.query(LinePanel):
            panel.show(scene)
        self.query_one(PromptKeys).show(scene)
        self._menu.focus()
        self._menu.to(self._first)

    @property
    def _field(self) -> Input:
        return self.query_one(Input)

    @property
    def _menu(self) -> "Choices":
        return self.query_one(Choices)

    def _answer(self, scene: Scene, width: int, height: int) -> list[Line]:
        wrong, text = self._wrong, self._field.value.strip()
        sentence = say(f"error.{wrong.key}", scene.language, **wrong.details) if wrong is not None else ""
        marked = wrong.marked() if wrong is not None else ()
        return answer_lines(scene, marked, sentence, command_of(self._interface, text), width)

    # What is chosen and typed.

    def on_at(self, message: "At") -> None:
        """Another choice is the current one: its filter is shown."""
        self._field.value = CHOICES[message.index].filter
        self._field.cursor_position = len(self._field.value)

    def on_picked(self, message: Picked) -> None:
        """A choice was taken: capture so, or ask for what it lacks."""
        message.stop()
        if CHOICES[int(message.mark)].is_open:
            self._field.focus()
        else:
            self.action_go()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Try it when the typing pauses."""
        event.stop()
        self._wrong = None
        self._say()
        if event.value.strip() and self.focused is self._field:
            self.set_timer(_PAUSE, lambda: self._try(event.value))

    def _try(self, text: str) -> None:
        if text == self._field.value:
            self._wrong = self._fault(text)
            self._say()

    def _fault(self, text: str) -> NetvizError | None:
        try:
            self._check(text)
        except NetvizError as error:
            return error
        return None

    def _say(self) -> None:
        panel = self.query_one("#capture--answer", LinePanel)
        if panel.scene is not None:
            panel.scene_changed()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Capture so."""
        event.stop()
        self.action_go()

    def on_pressed(self, message: Pressed) -> None:
        """A part of the last line was clicked."""
        message.stop()
        self.call_later(self.run_action, message.action)

    # Keys.

    def action_choose(self, number: int) -> None:
        """Take a choice by its number."""
        self._menu.to(number)
        self.on_at(At(number))
        self.on_picked(Picked(str(number)))

    def action_go(self) -> None:
        """Capture, unless the filter is wrong."""
        text = self._field.value.strip()
        self._wrong = self._fault(self._field.value) if text else None
        if self._wrong is None:
            self.dismiss(text)
            return
        self._field.focus()
        self._say()

    def action_other(self) -> None:
        """From the choices to the line and back."""
        (self._menu if self.focused is self._field else self._field).focus()

    def action_back(self) -> None:
        """Watch nothing."""
        self.dismiss(None)


class At(Message):
    """A choice became the current one."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index


class Choices(Menu):
    """The choices. The filter of the current one is shown; a click takes one, as enter does."""

    def to(self, index: int) -> None:
        """Make a choice the current one."""
        self._go(index)

    def _go(self, index: int) -> None:
        super()._go(index)
        self.post_message(At(index))


class PromptKeys(Bar):
    """The keys, to be clicked too."""

    def __init__(self) -> None:
        super().__init__("capture--keys")

    def line(self, scene: Scene, width: int) -> Text:
        """`enter Capture  tab Edit  esc Back`."""
        palette = scene.palette
        text = Text(no_wrap=True, end="")
        for key, words, action in _KEYS:
            self.part(text, f" {key} ", palette.ink(palette.accent, True), action)
            self.part(text, f"{scene.say(words)} ", palette.plain(), action)
        return text
