"""The search bar: a field to type in, what it is looked for in and how, and how far a search has come."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from netviz.filter.fault import FilterError
from netviz.filter.needle import KINDS, Kind, Query
from netviz.filter.search import checked
from netviz.tui import remembered
from netviz.tui.draw.search_lines import choice_line, fault_line, state_line
from netviz.tui.scene import Scene
from netviz.tui.widgets.filter_bar import FilterLines
from netviz.tui.widgets.messages import Pressed

PAST = "searches"


class Wanted(Message):
    """A search is to begin; None where typing was given up."""

    def __init__(self, query: Query | None) -> None:
        super().__init__()
        self.query = query


class SearchInput(Input):
    """The field. Up and down go through the searches before, tab through what can be searched."""

    BINDINGS: ClassVar = [
        Binding("escape", "leave", show=False),
        Binding("up", "earlier(-1)", show=False),
        Binding("down", "earlier(1)", show=False),
        Binding("tab", "kind(1)", show=False, priority=True),
        Binding("shift+tab", "kind(-1)", show=False, priority=True),
        Binding("ctrl+r", "pattern", show=False, priority=True),
        Binding("ctrl+t", "case", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__(id="search--input", max_length=1000)
        self._past: list[str] = []
        self._at = 0
        self._draft = ""

    def begin(self, text: str) -> None:
        """Start to type, from a text; the first key replaces it."""
        self._past = remembered.filters(PAST)
        self._at, self._draft = len(self._past), text
        self.value = text
        self.select_all()

    def _bar(self) -> "SearchBar":
        assert isinstance(self.parent, SearchBar)
        return self.parent

    def action_leave(self) -> None:
        """Keep what was."""
        self.post_message(Wanted(None))

    def action_earlier(self, by: int) -> None:
        """A search before, or the one being typed."""
        if self._at == len(self._past):
            self._draft = self.value
        self._at = min(max(self._at + by, 0), len(self._past))
        self.value = self._draft if self._at == len(self._past) else self._past[self._at]
        self.cursor_position = len(self.value)

    def action_kind(self, by: int) -> None:
        """Look in something else."""
        self._bar().choose(KINDS[(KINDS.index(self._bar().kind) + by) % len(KINDS)])

    def action_pattern(self) -> None:
        """A regular expression, or a text as it stands."""
        self._bar().turn("pattern")

    def action_case(self) -> None:
        """Tell capital and small letters apart, or not."""
        self._bar().turn("case")


class ChoiceLine(FilterLines):
    """What can be searched and how; each can be clicked."""

    def __init__(self) -> None:
        super().__init__("search--choice")
        self.parts: list[tuple[int, int, str]] = []

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        for start, end, action in self.parts:
            if event.y == 0 and start <= event.x < end and isinstance(self.parent, SearchBar):
                self.parent.act(action)


class SearchBar(Vertical):
    """Hidden while nothing is searched; one line while something is; more while it is typed."""

    def __init__(self) -> None:
        super().__init__(id="search")
        self.scene: Scene | None = None
        self.kind: Kind = "list"
        self.is_pattern = False
        self.cased = False

    def compose(self) -> ComposeResult:
        """A field over lines."""
        yield SearchInput()
        yield ChoiceLine()
        yield FilterLines("search--lines")

    @property
    def is_open(self) -> bool:
        """Something is being typed."""
        return self.has_class("-open")

    def show(self, scene: Scene) -> None:
        """Draw a scene."""
        before, self.scene = self.scene, scene
        self.set_class(scene.sought is not None, "-active")
        if self.is_open:
            if before is None or before.language != scene.language:
                self.describe()
        elif scene.sought is not None and scene is not before:
            self._state(scene)

    def _state(self, scene: Scene) -> None:
        lines = self.query_one("#search--lines", FilterLines)
        lines.put(scene, [state_line(scene, self.size.width)])

    def open(self, scene: Scene) -> None:
        """Begin to type, from what is searched for."""
        self.scene = scene
        self.add_class("-open")
        field = self.query_one(SearchInput)
        field.begin(scene.sought.query.text if scene.sought is not None else field.value)
        self.describe()
        # At once: what is typed next is meant for the field.
        self.screen.set_focus(field)

    def close(self) -> None:
        """Typing is over."""
        self.remove_class("-open")
        scene, self.scene = self.scene, None
        if scene is not None:
            self.show(scene)

    def choose(self, kind: Kind) -> None:
        """Look in something else."""
        self.kind = kind
        self.describe()

    def turn(self, what: str) -> None:
        """Switch what belongs to how it is looked for."""
        if what == "pattern":
            self.is_pattern = not self.is_pattern
        else:
            self.cased = not self.cased
        self.describe()

    def act(self, action: str) -> None:
        """What a click on a choice does."""
        kind = next((kind for kind in KINDS if kind == action), None)
        if kind is not None:
            self.choose(kind)
        else:
            self.turn(action)

    @property
    def query_typed(self) -> Query:
        """What stands in the bar."""
        return Query(self.kind, self.query_one(SearchInput).value, self.is_pattern, self.cased)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Something was typed."""
        event.stop()
        if self.is_open:
            self.describe()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Search, if it can be searched for."""
        event.stop()
        query = self.query_typed
        if fault_of(query) is None:
            self.post_message(Wanted(query))
        else:
            self.describe()

    def on_click(self, event: events.Click) -> None:
        """A click on what is searched for opens it again."""
        if not self.is_open:
            self.post_message(Pressed("search"))

    def on_resize(self, event: events.Resize) -> None:
        """Lines are cut to the width."""
        scene = self.scene
        if scene is not None and not self.is_open and scene.sought is not None:
            self._state(scene)
        elif self.is_open:
            self.describe()

    def describe(self) -> None:
        """Say where is looked and how, and whether the text can be searched for."""
        scene, width = self.scene, self.size.width
        if scene is None:
            return
        query = self.query_typed
        choice = self.query_one(ChoiceLine)
        line, choice.parts = choice_line(scene, query, width)
        choice.put(scene, [line])
        fault = fault_of(query) if query.text else None
        self.query_one("#search--lines", FilterLines).put(scene, [fault_line(scene, query, fault, width)])


def fault_of(query: Query) -> FilterError | None:
    """What is wrong with a search, None where nothing is."""
    try:
        checked(query)
    except FilterError as fault:
        return fault
    return None
