"""The start screen, for plain `netviz`: lessons, captures opened last, a file to be named, interfaces with their traffic.

    +- Lessons: captures with a story -+- Open a file ----------+
    |  1  A page load: DNS, handshake  | ~/captures/_           |
    |     demo.pcapng · 82 packets     +- Opened last ----------+
    |  2  Address resolution, ping     | my.pcap    captures     |
    |                                  +- Interfaces -----------+
    |                                  | v eth0  10.0.0.2/24    |
    +----------------------------------+------------------------+

It opens nothing itself: it ends with what was chosen.
"""

import os
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from importlib.resources import files
from typing import ClassVar, Final, Literal, NamedTuple

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.widgets import Input

from netviz.capture.filter import check_filter
from netviz.capture.interfaces import Found, interfaces, traffic
from netviz.errors import NetvizError
from netviz.explain.words import Language, say
from netviz.model.frames import CaptureInfo
from netviz.model.settings import Settings
from netviz.pipeline.analyzer import Analyzer
from netviz.tui import terminal
from netviz.tui.draw.capture_choices import CHOICES
from netviz.tui.draw.line import Line
from netviz.tui.draw.start_lines import (
    SAMPLES,
    Shipped,
    completed,
    completion_lines,
    interface_lines,
    recent_lines,
    shelf_lines,
)
from netviz.tui.fault import FaultTold, fault_free
from netviz.tui.hangul import latin_keys
from netviz.tui.moment import Choice, Moment
from netviz.tui.scene import Scene
from netviz.tui.theme import ASCII, PALETTES, SIXTEEN, UNICODE, Glyphs, palette_named, textual_theme
from netviz.tui.widgets.alert import Alert
from netviz.tui.widgets.bar import Bar
from netviz.tui.widgets.capture_prompt import CapturePrompt
from netviz.tui.widgets.menu import Menu, Picked
from netviz.tui.widgets.messages import Pressed
from netviz.tui.widgets.notice import Notice

_EACH_SECOND: Final = 1.0
_LEAST: Final = (60, 18)
_KEYS: Final = (
    ("enter", "start.key.open", ""),
    ("tab", "start.key.pane", "pane(1)"),
    ("o", "start.key.file", "name"),
    ("L", "key.language", "language"),
    ("t", "key.theme", "theme"),
    ("q", "key.quit", "leave"),
)


class Beginning(NamedTuple):
    """What the start screen is given."""

    recent: list[str]
    captures: list[Shipped]
    """Captures that come with netviz."""

    may_capture: bool
    said: str = ""
    """What went wrong with what was chosen last."""


class Chosen(NamedTuple):
    """What the user wants to see."""

    kind: Literal["file", "lesson", "live"]
    name: str
    language: Language
    theme: str
    filter: str = ""
    """Of an interface: the capture filter."""


class StartKeys(Bar):
    """The last line: the keys."""

    def __init__(self) -> None:
        super().__init__("keys")

    def line(self, scene: Scene, width: int) -> Text:
        """`enter Open  tab Pane ...`."""
        palette = scene.palette
        text = Text(no_wrap=True, end="")
        for key, words, action in _KEYS:
            self.part(text, f" {key} ", palette.ink(palette.accent, True), action)
            self.part(text, f"{scene.say(words)} ", palette.plain(), action)
        return text


class StartTitle(Bar):
    """The first line: what this is."""

    def line(self, scene: Scene, width: int) -> Text:
        """`netviz  see what a protocol does`."""
        text = Text(" netviz  ", style=scene.palette.ink(scene.palette.accent, True), no_wrap=True, end="")
        text.append(scene.say("start.title"), scene.palette.plain())
        return text


class StartApp(FaultTold):
    """Lists on the left and right; what is picked ends it."""

    CSS = files("netviz.tui").joinpath("style.tcss").read_text(encoding="utf-8")
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS: ClassVar[str | None] = ""
    TITLE = "netviz"
    BINDINGS: ClassVar = [
        Binding("tab", "pane(1)", show=False, priority=True),
        Binding("shift+tab", "pane(-1)", show=False, priority=True),
        Binding("escape", "away", show=False),
        Binding("o", "name", show=False),
        Binding("l,L", "language", show=False),
        Binding("t", "theme", show=False),
        Binding("q", "leave", show=False),
    ]

    def __init__(
        self,
        known: Beginning,
        language: Language,
        theme: str | None = None,
        glyphs: Glyphs = UNICODE,
        look: Callable[[], list[Found]] = interfaces,
    ) -> None:
        super().__init__()
        self.known = known
        self.chosen: Chosen | None = None
        self._said = known.said
        self._look = look
        self._found: list[Found] = []
        self._counts: dict[str, tuple[int, int]] = {}
        self._rates: dict[str, deque[tuple[int, int]]] = {}
        palette = palette_named(theme) or (
            SIXTEEN if terminal.has_sixteen_colours(self.console.color_system) else PALETTES[0]
        )
        for each in (*PALETTES, SIXTEEN):
            self.register_theme(textual_theme(each))
        self.theme = palette.name
        store = Analyzer(CaptureInfo("")).store
        self.scene = Scene(store, Moment(), Choice(), language, palette, glyphs)

    def compose(self) -> ComposeResult:
        """Three lists and a line to type in, between two bars."""
        yield StartTitle("title")
        with Container(id="start"):
            yield Menu("start--lessons", self._lessons)
            yield Input(id="start--name", select_on_focus=False)
            yield Menu("start--recent", self._files)
            yield Menu("start--interfaces", self._interfaces)
        yield Alert()
        yield StartKeys()
        yield Notice()

    async def on_mount(self) -> None:
        """Look at the interfaces now and every second."""
        self.screen.set_class(self.scene.glyphs.name == "ascii", "-ascii")
        self._arrange(self.size.width, self.size.height)
        self._sample()
        self.set_interval(_EACH_SECOND, self._sample)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._paint()
        for menu in self.query(Menu):
            menu.first()
        first = "#start--recent" if self.known.recent else "#start--lessons"
        self.query_one(first).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Choose the layout that fits."""
        self._arrange(event.size.width, event.size.height)
        self.call_after_refresh(self._paint)

    def _arrange(self, width: int, height: int) -> None:
        small = width < 100 or height < 26
        screen = self.screen_stack[0]
        screen.set_class(small, "-s")
        screen.set_class(not small, "-m")
        too_small = width < _LEAST[0] or height < _LEAST[1]
        screen.set_class(too_small, "-noticed")
        if too_small:
            needed = {"columns": _LEAST[0], "lines": _LEAST[1]}
            self.query_one(Notice).say(self.scene, self.scene.say("too-small", width=width, height=height, **needed))

    def _paint(self) -> None:
        for menu in self.query(Menu):
            menu.show(self.scene)
        for bar in self.query(Bar):
            bar.show(self.scene)
        self.query_one(Alert).say(self.scene, self._said)
        self.query_one(Input).border_title = Text(self.scene.say("start.name"))

    def _set(self, scene: Scene) -> None:
        self.scene = scene
        self._paint()

    # What the lists are drawn from.

    def _lessons(self, scene: Scene, width: int, height: int) -> list[Line]:
        return shelf_lines(scene, self.known.captures, width)

    def _files(self, scene: Scene, width: int, height: int) -> list[Line]:
        typed = self.query_one(Input).value
        return completion_lines(scene, typed, width) if typed else recent_lines(scene, self.known.recent, width)

    def _interfaces(self, scene: Scene, width: int, height: int) -> list[Line]:
        return interface_lines(scene, self._found, self._rates, self.known.may_capture, width)

    def _sample(self) -> None:
        """What has come and gone since a second ago."""
        self._found = self._look()
        for each in self._found:
            counts, before = traffic(each.name), self._counts.get(each.name)
            self._counts[each.name] = counts
            if before is not None:
                came = (max(counts[0] - before[0], 0), max(counts[1] - before[1], 0))
                self._rates.setdefault(each.name, deque(maxlen=SAMPLES)).append(came)
        menu = self.query_one("#start--interfaces", Menu)
        if menu.scene is not None:
            menu.scene_changed()
            menu.first()

    # Picking.

    def on_picked(self, message: Picked) -> None:
        """A line of a list was picked."""
        kind, _, name = message.mark.partition(":")
        if kind == "folder":
            field = self.query_one(Input)
            field.value = name
            field.cursor_position = len(name)
            field.focus()
        elif kind == "file":
            self._choose("file", name)
        elif kind == "lesson":
            self._choose("lesson", name)
        elif kind == "live":
            self._ask_what(name)
        elif kind == "why":
            self._tell_why(name)

    def _choose(self, kind: Literal["file", "lesson", "live"], name: str, capture_filter: str = "") -> None:
        scene = self.scene
        self.chosen = Chosen(kind, name, scene.language, scene.palette.name.removeprefix("netviz-"), capture_filter)
        self.exit(0)

    def _ask_what(self, name: str) -> None:
        """What of an interface is to be captured."""
        link_type = next((each.link_type for each in self._found if each.name == name), 1)
        over_ssh = "SSH_CONNECTION" in os.environ and name != "lo"
        # The first filter that is compiled loads libpcap: done while the question is being read.
        threading.Thread(target=_tried, args=("tcp", link_type), daemon=True).start()

        def answered(text: str | None) -> None:
            if text is not None:
                self._choose("live", name, text)

        prompt = CapturePrompt(
            self.scene, name, partial(check_filter, link_type=link_type), len(CHOICES) - 1 if over_ssh else 0
        )
        self.push_screen(prompt, answered)

    def _tell_why(self, name: str) -> None:
        """Why an interface can not be used, and what to type."""
        why = next((each.why_not for each in self._found if each.name == name), "")
        if not self.known.may_capture:
            self._said = say("error.may-not-capture", self.scene.language, interface=name)
        else:
            self._said = self.scene.say("start.bring-up" if why == "down" else "start.connect", name=name)
        self._paint()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what could be meant."""
        menu = self.query_one("#start--recent", Menu)
        menu.border_title = Text(self.scene.say("start.matching" if event.value else "pane.recent"))
        menu.at = None
        menu.scene_changed()
        menu.first()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open what was named."""
        if event.value.strip():
            self._choose("file", event.value.strip())

    def on_pressed(self, message: Pressed) -> None:
        """A part of the last line was clicked."""
        self.call_later(self.run_action, message.action)

    def on_key(self, event: events.Key) -> None:
        """Keys typed in Hangul mode do what the same keys do in Latin mode."""
        if not isinstance(self.focused, Input) and event.character is not None and len(event.character) == 1:
            for letter in latin_keys(event.character):
                self.simulate_key(letter)

    # Keys.

    def action_pane(self, by: int) -> None:
        """The next list; while a name is being typed, complete it first."""
        field = self.query_one("#start--name", Input)
        if self.focused is field and by > 0 and field.value and completed(field.value) != field.value:
            field.value = completed(field.value)
            field.cursor_position = len(field.value)
            return
        (self.screen.focus_next if by > 0 else self.screen.focus_previous)()
        self.call_after_refresh(self._paint)

    def action_name(self) -> None:
        """Type the name of a file."""
        self.query_one(Input).focus()

    def action_away(self) -> None:
        """Away from the line that is typed in, and what went wrong is taken as read."""
        self._said = ""
        self._paint()
        if isinstance(self.focused, Input):
            self.query_one("#start--lessons").focus()

    def action_language(self) -> None:
        """Korean or English."""
        self._set(replace(self.scene, language="en" if self.scene.language == "ko" else "ko"))

    def action_theme(self) -> None:
        """The next theme."""
        at = PALETTES.index(self.scene.palette) if self.scene.palette in PALETTES else -1
        palette = PALETTES[(at + 1) % len(PALETTES)]
        self.theme = palette.name
        self._set(replace(self.scene, palette=palette))

    def action_leave(self) -> None:
        """End."""
        self.exit(0)


def _tried(text: str, link_type: int) -> None:
    with suppress(NetvizError):
        check_filter(text, link_type)


def begin(
    known: Beginning, language: Language, theme: str | None = None, settings: Settings | None = None
) -> Chosen | None:
    """Show the start screen; what was chosen, or None where the user quit.

    Raises: ScreenFault where netviz itself failed.
    """
    app = StartApp(known, language, theme, ASCII if terminal.draws_ascii((settings or Settings()).glyphs) else UNICODE)
    fault_free(app, language)
    return app.chosen
