"""The filter bar under the first line: a field to type a filter in, whether it is right, and what may come next."""

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from netviz.explain.words import has
from netviz.filter.completion import Completion, Seen, completions
from netviz.filter.fault import FilterError
from netviz.filter.fields import FIELDS
from netviz.filter.parser import parse
from netviz.model.safe import safe
from netviz.tui import remembered
from netviz.tui.cells import fit, strip_of
from netviz.tui.scene import Scene

_INDENT = 3
"""Cells before the text in the field: the sign of what it is."""


class Applied(Message):
    """A filter is to be used; an empty text is none. `text` is None where everything stays as it was."""

    def __init__(self, text: str | None) -> None:
        super().__init__()
        self.text = text


class FilterInput(Input):
    """The field. Up and down go through the filters used before, tab takes what is offered."""

    BINDINGS: ClassVar = [
        Binding("escape", "leave", show=False),
        Binding("up", "earlier(-1)", show=False),
        Binding("down", "earlier(1)", show=False),
        Binding("tab", "take(1)", show=False, priority=True),
        Binding("shift+tab", "take(-1)", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__(id="filter--input", max_length=4096)
        self._past: list[str] = []
        self._at = 0
        self._draft = ""
        self._offers: list[Completion] = []
        self._base: tuple[str, int] = ("", 0)
        self._taken = -1

    def begin(self, text: str) -> None:
        """Start to type, from a text."""
        self._past = remembered.filters()
        self._at, self._draft, self._taken = len(self._past), text, -1
        self.value = text
        self.cursor_position = len(text)

    def offer(self, offers: list[Completion]) -> None:
        """What tab takes."""
        self._offers = offers
        self._base = (self.value, self.cursor_position)
        self._taken = -1

    @property
    def taken(self) -> int:
        """Which of the offers was taken, -1 for none yet."""
        return self._taken

    def action_leave(self) -> None:
        """Keep what was."""
        self.post_message(Applied(None))

    def action_earlier(self, by: int) -> None:
        """A filter used before, or the one being typed."""
        if self._at == len(self._past):
            self._draft = self.value
        self._at = min(max(self._at + by, 0), len(self._past))
        self.value = self._draft if self._at == len(self._past) else self._past[self._at]
        self.cursor_position = len(self.value)

    def action_take(self, by: int) -> None:
        """The next of what is offered."""
        if not self._offers:
            return
        self._taken = (self._taken + by) % len(self._offers)
        text, cursor = self._offers[self._taken].applied(self._base[0])
        with self.prevent(Input.Changed):
            self.value = text
        self.cursor_position = cursor
        if isinstance(self.parent, FilterBar):
            self.parent.describe()


class FilterLines(Widget):
    """Lines under the field."""

    def __init__(self, name: str = "filter--lines") -> None:
        super().__init__(id=name)
        self.lines: list[Text] = []
        self.scene: Scene | None = None

    def put(self, scene: Scene, lines: list[Text]) -> None:
        """Draw other lines."""
        self.scene, self.lines = scene, lines
        self.styles.height = len(lines)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One of them."""
        if self.scene is None or y >= len(self.lines):
            return Strip.blank(self.size.width)
        base = Style(color=self.scene.palette.text, bgcolor=self.scene.palette.panel)
        return strip_of(self.lines[y], self.size.width, base)


class FilterBar(Vertical):
    """Hidden while there is no filter; one line while there is; more while one is typed."""

    def __init__(self) -> None:
        super().__init__(id="filter")
        self.scene: Scene | None = None
        self.seen: Seen = lambda field: ()

    def compose(self) -> ComposeResult:
        """A field over lines."""
        yield FilterInput()
        yield FilterLines()

    @property
    def is_open(self) -> bool:
        """A filter is being typed."""
        return self.has_class("-open")

    def show(self, scene: Scene) -> None:
        """Draw a scene."""
        before, self.scene = self.scene, scene
        self.set_class(scene.shown is not None, "-active")
        if self.is_open:
            if before is None or before.language != scene.language:
                self.describe()
        elif scene.shown is not None and scene is not before:
            self.query_one(FilterLines).put(scene, [status_line(scene, self.size.width)])

    def open(self, scene: Scene, text: str) -> None:
        """Begin to type."""
        self.scene = scene
        self.add_class("-open")
        field = self.query_one(FilterInput)
        field.begin(text)
        self._offer(field)
        # At once: what is typed next is meant for the field.
        self.screen.set_focus(field)

    def close(self) -> None:
        """Typing is over."""
        self.remove_class("-open")
        self.query_one(FilterLines).put(self.scene, []) if self.scene is not None else None
        scene, self.scene = self.scene, None
        if scene is not None:
            self.show(scene)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Something was typed."""
        event.stop()
        if self.is_open:
            self._offer(self.query_one(FilterInput))

    def _offer(self, field: FilterInput) -> None:
        field.offer(completions(field.value, field.cursor_position, self.seen))
        self.describe()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Use the filter, if it is one."""
        event.stop()
        text = event.value.strip()
        if not text or fault_of(text) is None:
            self.post_message(Applied(text))
        else:
            self.describe()

    def on_resize(self, event: events.Resize) -> None:
        """Lines are cut to the width."""
        scene = self.scene
        if scene is not None and not self.is_open and scene.shown is not None:
            self.query_one(FilterLines).put(scene, [status_line(scene, self.size.width)])

    def describe(self) -> None:
        """Say whether the text is a filter, what may come next, and what that means."""
        scene, field = self.scene, self.query_one(FilterInput)
        if scene is None:
            return
        width = self.size.width
        lines = [_validity(scene, field.value, width)]
        if field._offers:
            lines += _offers(scene, field._offers, field.taken, width)
        self.query_one(FilterLines).put(scene, lines)


def fault_of(text: str) -> FilterError | None:
    """What is wrong with a filter, None where nothing is."""
    try:
        parse(text)
    except FilterError as fault:
        return fault
    return None


def _validity(scene: Scene, text: str, width: int) -> Text:
    palette = scene.palette
    if not text.strip():
        return Text(f" {fit(scene.say('filter.begin'), width - 1)}", style=palette.faint(), no_wrap=True, end="")
    fault = fault_of(text)
    if fault is None:
        words = f"{scene.glyphs.good} {scene.say('filter.valid')}"
        return Text(f" {words}", style=palette.ink(palette.good, True), no_wrap=True, end="")
    typing = text[fault.start :].lower()
    if fault.key.startswith("filter.unknown-field") and any(name.startswith(typing) for name in FIELDS):
        return Text(f" {scene.glyphs.ellipsis}", style=palette.faint(), no_wrap=True, end="")
    mark = fault.marked()[1]
    sentence = scene.word(f"error.{fault.key}", fault.key, **fault.details)
    line = Text(" " * _INDENT + mark, style=palette.ink(palette.bad, True), no_wrap=True, end="")
    if line.cell_len + len(sentence) + 2 > width:
        line = Text(f" {scene.glyphs.bad}", style=palette.ink(palette.bad, True), no_wrap=True, end="")
    line.append(f" {fit(sentence, max(width - line.cell_len - 1, 1), scene.glyphs.ellipsis)}", palette.ink(palette.bad))
    return line


def _offers(scene: Scene, offers: list[Completion], taken: int, width: int) -> list[Text]:
    """One line of what tab takes, and one on what the first of them means."""
    palette = scene.palette
    line = Text(" tab ", style=palette.faint(), no_wrap=True, end="")
    chosen = max(taken, 0)
    first = 0 if chosen < 4 else chosen - 2
    for number, offer in enumerate(offers[first:], first):
        words = f" {safe(offer.text, 100)} "
        if line.cell_len + Text(words).cell_len > width - 2:
            line.append(scene.glyphs.ellipsis, palette.faint())
            break
        line.append(words, palette.on(palette.accent) if number == chosen else palette.plain())
    field = offers[chosen].field
    meaning = scene.word(f"filter.field.{field}", "") if field is not None and has(f"filter.field.{field}") else ""
    about = Text(
        f" {fit(f'{field}: {meaning}' if meaning else '', width - 1)}", style=palette.faint(), no_wrap=True, end=""
    )
    return [line, about]


def status_line(scene: Scene, width: int) -> Text:
    """The filter in use, how many packets match, and what its keys do."""
    shown, palette = scene.shown, scene.palette
    line = Text(no_wrap=True, end="")
    if shown is None:
        return line
    colour = palette.accent if shown.active else palette.dim
    line.append(f" {scene.say('filter.label')} ", palette.on(colour))
    key = "off" if not shown.active else "hides" if shown.hides else "marks"
    count = scene.say(
        "filter.count", count=shown.matched(scene.moment.as_of), total=min(scene.moment.as_of, scene.total)
    )
    tail = f"{count} {scene.glyphs.bullet} {scene.say(f'filter.{key}')}"
    if shown.narrows:
        tail += f" {scene.glyphs.bullet} {scene.say('filter.steps-over' if shown.steps_over else 'filter.steps-all')}"
    room = max(width - line.cell_len - Text(tail).cell_len - 3, 8)
    text = safe(shown.text, 400)
    cells = min(room, Text(text).cell_len)
    line.append(f" {fit(text, cells, scene.glyphs.ellipsis)}", palette.plain(True))
    line.append(f"  {tail}", palette.faint())
    return line
