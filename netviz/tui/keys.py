"""The one table of keys. Bindings, the footer and the help page are all derived from it, so none can be forgotten.

A row's label and help are keys of `explain/screen.toml`: `screen.key.<id>` and `screen.help.<id>`.
"""

from typing import Final, Literal, NamedTuple

from textual.binding import Binding

Scope = Literal["app", "list", "tree", "graph"]


class KeyRow(NamedTuple):
    """One thing that keys do."""

    id: str
    keys: str
    """Toolkit names of the keys, with commas between them."""

    shown: str
    """The keys as people read them."""

    action: str
    scope: Scope = "app"
    """Who listens: the whole program, any list or panel that has the focus, the field tree, or a graph."""

    views: tuple[int, ...] = ()
    """Views in which it means something; empty for all."""

    footer: int = 0
    """Place in the footer, lower first; 0 keeps it to the help page."""

    group: str = "general"
    """Heading on the help page."""


KEYS: Final[tuple[KeyRow, ...]] = (
    KeyRow("help", "question_mark,f1", "?", "help", footer=1),
    KeyRow("views", "", "1-6", "", footer=2, group="go"),
    KeyRow("view-1", "1", "1", "view(1)", group="go"),
    KeyRow("view-2", "2", "2", "view(2)", group="go"),
    KeyRow("view-3", "3", "3", "view(3)", group="go"),
    KeyRow("view-4", "4", "4", "view(4)", group="go"),
    KeyRow("view-5", "5", "5", "view(5)", group="go"),
    KeyRow("view-6", "6", "6", "view(6)", group="go"),
    KeyRow("pane", "tab", "tab", "app.pane(1)", "list", footer=3, group="go"),
    KeyRow("pane-back", "shift+tab", "shift+tab", "app.pane(-1)", "list", group="go"),
    KeyRow("up", "up,k", "↑ k", "move(-1)", "list", group="go"),
    KeyRow("down", "down,j", "↓ j", "move(1)", "list", group="go"),
    KeyRow("page-up", "pageup,ctrl+b", "PgUp", "page(-1)", "list", group="go"),
    KeyRow("page-down", "pagedown,ctrl+f", "PgDn", "page(1)", "list", group="go"),
    KeyRow("first", "home", "Home", "edge(-1)", "list", group="go"),
    KeyRow("last", "end,G", "End G", "edge(1)", "list", group="go"),
    KeyRow("follow", "enter", "enter", "follow", "list", footer=4, group="go"),
    KeyRow("back", "backspace,b,alt+left", "b", "back", footer=12, group="go"),
    KeyRow("forward", "F,alt+right", "F", "forward", group="go"),
    KeyRow("commands", "ctrl+p,colon", "^p :", "commands", footer=8, group="go"),
    KeyRow("go-to", "g", "g", "go_to", footer=11, group="go"),
    KeyRow("fold", "left", "←", "fold", "tree", (1,), group="go"),
    KeyRow("unfold", "right", "→", "unfold", "tree", (1,), group="go"),
    KeyRow("graph-left", "left", "←", "across(-1)", "graph", (3,), group="go"),
    KeyRow("graph-right", "right", "→", "across(1)", "graph", (3,), group="go"),
    KeyRow("compare", "d", "d", "compare", views=(1,), group="look"),
    KeyRow("play", "space", "space", "play", footer=5, group="time"),
    KeyRow("step", "full_stop", ".", "step(1)", footer=7, group="time"),
    KeyRow("step-back", "comma", ",", "step(-1)", footer=6, group="time"),
    KeyRow("event", "right_square_bracket", "]", "event(1)", footer=9, group="time"),
    KeyRow("event-back", "left_square_bracket", "[", "event(-1)", footer=8, group="time"),
    KeyRow("connection-next", "right_parenthesis", ")", "next('connection', 1)", group="time"),
    KeyRow("connection-back", "left_parenthesis", "(", "next('connection', -1)", group="time"),
    KeyRow("exchange-next", "greater_than_sign", ">", "next('exchange', 1)", group="time"),
    KeyRow("exchange-back", "less_than_sign", "<", "next('exchange', -1)", group="time"),
    KeyRow("breaks", "B", "B", "breaks", footer=10, group="time"),
    KeyRow("break-here", "X", "X", "break_here", group="time"),
    KeyRow("faster", "plus,equals_sign", "+", "pace(1)", group="time"),
    KeyRow("slower", "minus", "-", "pace(-1)", group="time"),
    KeyRow("to-start", "left_curly_bracket", "{", "to_start", group="time"),
    KeyRow("to-end", "right_curly_bracket", "}", "to_end", group="time"),
    KeyRow("lesson-next", "apostrophe", "'", "lesson(1)", group="time"),
    KeyRow("lesson-back", "semicolon", ";", "lesson(-1)", group="time"),
    KeyRow("layer-next", "n", "n", "layer(1)", views=(2,), footer=3, group="layers"),
    KeyRow("layer-back", "p", "p", "layer(-1)", views=(2,), footer=3, group="layers"),
    KeyRow("layer-auto", "a", "a", "layer_auto", views=(2,), footer=3, group="layers"),
    KeyRow("vary", "v", "v", "vary(1)", "list", (3, 6), footer=4, group="look"),
    KeyRow("vary-back", "V", "V", "vary(-1)", "list", (3, 6), group="look"),
    KeyRow("flip", "x", "x", "flip", "list", (3, 6), footer=4, group="look"),
    KeyRow("numbers", "r", "r", "numbers", views=(3,), footer=4, group="look"),
    KeyRow("filter", "slash", "/", "filter", footer=5, group="find"),
    KeyRow("filter-toggle", "backslash", "\\", "filter_toggle", group="find"),
    KeyRow("filter-hides", "H", "H", "filter_hides", group="find"),
    KeyRow("filter-steps", "o", "o", "filter_steps", group="find"),
    KeyRow("narrow", "i", "i", "narrow", footer=17, group="find"),
    KeyRow("search", "f", "f", "search", footer=5, group="find"),
    KeyRow("search-next", "n", "n", "search_next(1)", views=(1, 3, 4, 5, 6), group="find"),
    KeyRow("search-back", "N", "N", "search_next(-1)", views=(1, 3, 4, 5, 6), group="find"),
    KeyRow("search-again", "f3", "F3", "search_again(1)", group="find"),
    KeyRow("search-again-back", "shift+f3,f15", "shift+F3", "search_again(-1)", group="find"),
    KeyRow("mark", "M", "M", "mark", group="find"),
    KeyRow("mark-next", "u", "u", "mark_next(1)", group="find"),
    KeyRow("mark-back", "U", "U", "mark_next(-1)", group="find"),
    KeyRow("marks", "K", "K", "marks", group="find"),
    KeyRow("columns", "C", "C", "columns", group="look"),
    KeyRow("time-form", "T", "T", "time_form", group="look"),
    KeyRow("copy", "y", "y", "copy", footer=15, group="find"),
    KeyRow("save", "e", "e", "save", views=(4,), footer=16, group="find"),
    KeyRow("browser", "w", "w", "browser", views=(5,), footer=4, group="look"),
    KeyRow("present", "P", "P", "present", footer=17, group="look"),
    KeyRow("callouts", "c", "c", "callouts", group="look"),
    KeyRow("point-up", "shift+up", "shift+↑", "app.point(-1)", "list", group="look"),
    KeyRow("point-down", "shift+down", "shift+↓", "app.point(1)", "list", group="look"),
    KeyRow("zoom", "z", "z", "zoom", footer=13, group="look"),
    KeyRow("language", "l,L", "L", "language", footer=9, group="look"),
    KeyRow("theme", "t", "t", "theme", footer=10, group="look"),
    KeyRow("secrets", "s", "s", "secrets", views=(4, 5), footer=12, group="look"),
    KeyRow("stop", "escape", "esc", "stop", group="time"),
    KeyRow("meanings", "m", "m", "meanings", views=(4,), footer=4, group="look"),
    KeyRow("suspend", "ctrl+z", "^Z", "suspend"),
    KeyRow("quit", "q", "q", "quit", footer=14),
)
GROUPS: Final = ("go", "find", "time", "layers", "look", "general")
VIEWS: Final = ("packets", "layers", "connections", "exchanges", "cors", "statistics")
"""Names of the views, in the order of their numbers from 1; `screen.view.<name>` has the words."""


def bindings(scope: Scope) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """The toolkit's bindings for one scope."""
    return [
        Binding(row.keys, row.action, "", show=False, id=row.id)
        for row in KEYS
        if row.keys and (row.scope == scope or (scope in ("tree", "graph") and row.scope == "list"))
    ]


def footer(view: int, rows: tuple[KeyRow, ...] = KEYS) -> list[KeyRow]:
    """Rows for the footer of a view, the most useful first; what does not fit on the line is left out from the end."""
    shown = [row for row in rows if row.footer and (not row.views or view in row.views)]
    return sorted(shown, key=lambda row: row.footer)
