"""Both endpoints in one state diagram, drawn from the transition table itself: a step it lacks has no line here."""

from typing import Final

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from netviz.tcp.connection import Connection, Role
from netviz.tcp.states import TRANSITIONS, State
from netviz.tui.cells import wrapped
from netviz.tui.draw.connection_rows import state_style
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.draw.sequence import chosen_connection
from netviz.tui.scene import Scene

_WIDTH: Final = 42
_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_PIECES: Final = dict(zip((3, 12, 5, 6, 9, 10, 7, 11, 13, 14, 15, 1, 2, 4, 8), "│─╯╮╰╭┤├┴┬┼││──", strict=True))
"""Bits of the directions in which lines leave a cell -> the piece that is drawn."""

PLACES: Final[dict[State, tuple[int, int]]] = {
    State.CLOSED: (0, 20),
    State.LISTEN: (1, 8),
    State.SYN_SENT: (1, 33),
    State.SYN_RECEIVED: (2, 8),
    State.ESTABLISHED: (3, 20),
    State.FIN_WAIT_1: (4, 7),
    State.CLOSE_WAIT: (4, 34),
    State.FIN_WAIT_2: (5, 7),
    State.CLOSING: (5, 21),
    State.LAST_ACK: (5, 34),
    State.TIME_WAIT: (6, 14),
}
"""Where a state stands: its row and the column of its middle."""


def edges() -> set[tuple[State, State]]:
    """Steps of the table that lead down to a near row, without those that stay or abort: these are drawn."""
    found = set()
    for state, steps in TRANSITIONS.items():
        for after in steps.values():
            drop = PLACES[after][0] - PLACES[state][0]
            if drop == 1 or (state, after) == (State.SYN_SENT, State.ESTABLISHED):
                found.add((state, after))
    return found


class _Canvas:
    """Cells that lines are drawn on by the directions in which they leave a cell."""

    def __init__(self) -> None:
        self.bits = [[0] * _WIDTH for _ in range(13)]
        self.walked = [[False] * _WIDTH for _ in range(13)]

    def mark(self, y: int, x: int, bits: int, walked: bool) -> None:
        self.bits[y][x] |= bits
        self.walked[y][x] |= walked

    def edge(self, state: State, after: State, walked: bool) -> None:
        (row, x), (other_row, other_x) = PLACES[state], PLACES[after]
        for y in range(2 * row + 1, 2 * other_row - 1):
            self.mark(y, x, _UP | _DOWN, walked)
        y = 2 * other_row - 1
        self.mark(y, x, _UP, walked)
        self.mark(y, other_x, _DOWN, walked)
        if x != other_x:
            low, high = sorted((x, other_x))
            self.mark(y, low, _RIGHT, walked)
            self.mark(y, high, _LEFT, walked)
            for between in range(low + 1, high):
                self.mark(y, between, _LEFT | _RIGHT, walked)


def machine_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """The diagram with both endpoints' present states lit, the ways they came, and where each can go from here."""
    connection = chosen_connection(scene)
    if connection is None:
        return [plain(scene.say("empty.sequence"), scene.palette.faint())]
    as_of = min(scene.moment.as_of, max(scene.moment.selected, connection.first_packet))
    now: dict[Role, State] = {role: connection.state_at(role, as_of) for role in ("client", "server")}
    ways = {(step.from_state, step.to_state) for step in connection.transitions if step.packet <= as_of}
    visited = {state for way in ways for state in way} | set(connection.initial_states.values())
    canvas = _Canvas()
    for way in sorted(edges(), key=lambda way: way in ways):
        canvas.edge(*way, walked=way in ways)
    tight = height < 15
    lines = [Line(_canvas_line(scene, canvas, y, now, visited)) for y in range(13) if y % 2 == 0 or not tight]
    pad = " " * max((width - _WIDTH) // 2, 0)
    lines = [Line(Text(pad, no_wrap=True, end="").append_text(line.text)) for line in lines]
    told = [_role_lines(scene, connection, role, now[role], as_of, width) for role in ("client", "server")]
    lines.extend(part[0] for part in told)
    for part in told:
        lines.extend(part[1:])
    return lines


def _canvas_line(scene: Scene, canvas: _Canvas, y: int, now: dict[Role, State], visited: set[State]) -> Text:
    text = Text(no_wrap=True, end="")
    names = {PLACES[state][1] - len(_badged(state, now)) // 2: state for state in PLACES if 2 * PLACES[state][0] == y}
    x = 0
    while x < _WIDTH:
        if x in names:
            state = names[x]
            label = _badged(state, now)
            text.append(label, _state_ink(scene, state, now, visited))
            x += len(label)
            continue
        bits = canvas.bits[y][x]
        style = scene.palette.ink(scene.palette.good, True) if canvas.walked[y][x] else scene.palette.faint()
        text.append(_piece(scene, bits), style)
        x += 1
    return text


def _piece(scene: Scene, bits: int) -> str:
    if not bits:
        return " "
    if scene.glyphs.name == "unicode":
        return _PIECES[bits]
    return "|" if not bits & (_LEFT | _RIGHT) else "-" if not bits & (_UP | _DOWN) else "+"


def _badged(state: State, now: dict[Role, State]) -> str:
    """The state's name with C before it and S after it where the endpoints are: they are told without colour too."""
    client = "C:" if now["client"] == state else " "
    server = ":S" if now["server"] == state else " "
    return f"{client}{state.value}{server}"


def _state_ink(scene: Scene, state: State, now: dict[Role, State], visited: set[State]) -> Style:
    if state in now.values():
        colour = scene.palette.good if state is State.ESTABLISHED else scene.palette.warn
        return scene.palette.on(scene.palette.text if state in (State.CLOSED, State.LISTEN) else colour)
    return scene.palette.plain(True) if state in visited else scene.palette.faint()


def _role_lines(scene: Scene, connection: Connection, role: Role, state: State, as_of: int, width: int) -> list[Line]:
    """How an endpoint came to its state, with the packet that shows it, and which steps the table has from there."""
    last = next(
        (step for step in reversed(connection.transitions) if step.endpoint == role and step.packet <= as_of), None
    )
    text = Text(f" {role[0].upper()} ", style=scene.palette.plain(True), no_wrap=True, end="")
    text.append(f"{scene.say(f'role.{role}')} ", scene.palette.faint())
    text.append(state.value, state_style(scene, state.value))
    link = Link(last.packet) if last is not None else None
    lines = [Line(text, link, role)]
    if last is not None:
        since = f"  {scene.say('machine.since', packet=last.packet)} {_input_name(scene, last.event)}"
        if text.cell_len + cell_len(since) <= width:
            text.append(since, scene.palette.faint())
        else:
            lines.append(plain(f"  {since}", scene.palette.faint()))
    meaning = scene.word(f"tcp.state.{state}", "")
    lines.extend(plain(f"   {part}", scene.palette.plain()) for part in wrapped(meaning, width - 4) if meaning)
    ways: dict[State, str] = {}
    for event, after in TRANSITIONS.get(state, {}).items():
        if after != state:
            ways.setdefault(after, _input_name(scene, event.name))
    following = ", ".join(f"{name} {scene.glyphs.right} {after.value}" for after, name in ways.items())
    if following:
        said = scene.say("machine.next", role=scene.say(f"role.{role}"), steps=following)
        lines.extend(plain(f" {part}", scene.palette.faint()) for part in wrapped(said, width - 2, "  "))
    return lines


def _input_name(scene: Scene, event: str) -> str:
    return scene.word(f"tcp.input.{event}", event.replace("_", " ").lower())
