"""Graphs of one direction of a connection, as of the present position: sequence numbers, flight, round trips, speed.

The axes reach over all of the connection that has been read, so that stepping moves the curve and not the paper.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from rich.style import Style
from rich.text import Text

from netviz.model.protocols import flags_text
from netviz.tcp.connection import Connection, Role
from netviz.tcp.data_segments import bursts
from netviz.tcp.marks import DUPLICATE_ACK, KEEP_ALIVE, OUT_OF_ORDER, RETRANSMISSION, ZERO_WINDOW, ZERO_WINDOW_PROBE
from netviz.tui.draw.canvas import Ink
from netviz.tui.draw.plot import Frame, Plot, measure
from netviz.tui.draw.trace import Direction, Floats, Ints, Trace
from netviz.tui.scene import Scene

KINDS: Final = ("tcptrace", "stevens", "flight", "rtt", "throughput", "window")
"""Graphs in the order in which the key goes through them; `screen.graph.<kind>` has their names."""

MARKS: Final = (
    ("retransmission", RETRANSMISSION, "R"),
    ("out-of-order", OUT_OF_ORDER, "O"),
    ("zero-window-probe", ZERO_WINDOW_PROBE, "P"),
    ("keep-alive", KEEP_ALIVE, "K"),
)
"""What is marked where data was sent, and its letter."""

ANSWER_MARKS: Final = (("duplicate-ack", DUPLICATE_ACK, "D"), ("zero-window", ZERO_WINDOW, "Z"))
"""What is marked where it was acknowledged."""


@dataclass(slots=True)
class Graph:
    """A drawn graph, and the points on it that stand for packets."""

    lines: list[Text]
    plot: Plot | None = None
    top: int = 0
    """The line of the first row of the plot's cells."""

    packet: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    x: Floats = field(default_factory=lambda: np.empty(0, np.float64))
    y: Floats = field(default_factory=lambda: np.empty(0, np.float64))


@dataclass(slots=True)
class _Drawing:
    """What the painters of the graphs share."""

    scene: Scene
    connection: int
    whole: Direction
    """All that has been read."""

    now: Direction
    """As of the present position."""

    width: int
    height: int
    end: float
    """Seconds to the connection's last segment."""

    legend: list[tuple[str, str, Style]] = field(default_factory=list)
    """Sign, word, style."""

    def ink(self, name: str) -> Ink:
        """The ink of a series: told by its shape and letter first, by its colour last."""
        palette = self.scene.palette
        colours = {
            "data": (palette.layer(4), "#"),
            "ack": (palette.layer(3), "-"),
            "window": (palette.warn, "."),
            "sack": (palette.layer(7), "s"),
            "smooth": (palette.accent, "*"),
        }
        colour, letter = colours[name]
        return Ink(palette.ink(colour, name != "window"), letter)

    def explain(self, name: str, word: str, sign: str) -> None:
        """Add a series to the legend. Its sign is drawn as the series is."""
        ink = self.ink(name)
        self.legend.append(
            (
                sign if self.scene.glyphs.name == "unicode" else ink.letter * 2,
                self.scene.say(f"graph.is.{word}"),
                ink.style,
            )
        )

    def plot(self, frame: Frame) -> Plot:
        """Axes for the room there is: a line is kept for the title, two for the legend, one for the selected packet."""
        return Plot(self.scene, frame, self.width, self.height - 4)


def _other(role: Role) -> Role:
    return "server" if role == "client" else "client"


def draw_graph(
    scene: Scene, connection: Connection, trace: Trace, kind: str, role: Role, width: int, height: int
) -> Graph:
    """One graph with its title, legend and axes in `width` x `height` cells."""
    whole = trace.directions[role]
    end = float(trace.time.max()) if len(trace.time) else 0.0
    drawing = _Drawing(scene, connection.id, whole, whole.until(scene.moment.as_of), width, height, end)
    graph = _PAINTERS[kind](drawing)
    lines = [titled(scene, connection, kind, role), *_legend(drawing)]
    if graph.plot is None:
        empty = Text(f" {scene.say(f'graph.empty.{kind}')}", style=scene.palette.faint(), end="")
        return Graph([*lines, empty])
    caption = _cursor(scene, connection, graph)
    graph.lines = [*lines, *graph.plot.lines(), caption]
    graph.top = len(lines) + 1
    return graph


def titled(scene: Scene, connection: Connection, kind: str, role: Role) -> Text:
    """The name of a graph, and whose direction it shows."""
    ends = {"client": connection.client, "server": connection.server}
    way = f"{scene.say(f'role.{role}')} {ends[role]} {scene.glyphs.right} {scene.say(f'role.{_other(role)}')}"
    text = Text(f" {scene.say(f'graph.{kind}')}", style=scene.palette.plain(True), no_wrap=True, end="")
    text.append(f"  {way}", scene.palette.faint())
    return text


def _legend(drawing: _Drawing) -> list[Text]:
    """What is drawn how, on as many lines as it takes, at most two."""
    lines = [Text(no_wrap=True, end="")]
    for sign, word, style in drawing.legend:
        part = Text(no_wrap=True, end="")
        part.append(f" {sign}", style)
        part.append(f" {word} ", drawing.scene.palette.plain())
        if lines[-1].cell_len and lines[-1].cell_len + part.cell_len > drawing.width:
            lines.append(Text(no_wrap=True, end=""))
        lines[-1].append_text(part)
    return [*lines, Text("")][:2]


def _cursor(scene: Scene, connection: Connection, graph: Graph) -> Text:
    """Marks the selected packet on the graph; says what it is."""
    palette, plot = scene.palette, graph.plot
    at = np.flatnonzero(graph.packet == scene.moment.selected)
    if plot is None or not len(at):
        return Text(f" {scene.say('graph.select')}", style=palette.faint(), no_wrap=True, end="")
    x, y = float(graph.x[at[0]]), float(graph.y[at[0]])
    plot.upright(x, palette.ink(palette.accent))
    column, row = plot.cell(x, y)
    plot.canvas.letter(column, min(max(row, 0), plot.canvas.height - 1), scene.glyphs.knob, palette.on(palette.accent))
    ascii_only = scene.glyphs.name == "ascii"
    said = [f"#{scene.moment.selected}", flags_text(scene.store.packets.value("flags", scene.moment.selected - 1))]
    said += [scene.word(f"tcp.analysis.{name}", name) for name in scene.store.analysis(scene.moment.selected - 1)]
    said += [measure(x, "s", ascii_only), measure(y, plot.frame.y_unit, ascii_only)]
    text = f" {scene.glyphs.knob} {f' {scene.glyphs.bullet} '.join(part for part in said if part)}"
    return Text(text, style=palette.ink(palette.accent, True), no_wrap=True, end="")


def _numbers(drawing: _Drawing) -> Graph:
    """tcptrace: each segment from its first to its last byte between what is acknowledged and what is allowed."""
    whole, now = drawing.whole, drawing.now
    if not len(whole.sent.packet):
        return Graph([])
    edge = whole.answers.ack + whole.answers.window
    top = float(max(whole.sent.end.max(), whole.answers.ack.max(initial=0)))
    low = float(min(whole.sent.start.min(), 0 if whole.sent.start.min() >= 0 else whole.sent.start.min()))
    room = (top - low) * 2.2 + 1
    top = max(top, min(float(edge.max(initial=0)), low + room))
    plot = drawing.plot(Frame(0.0, drawing.end, low, top, "s", "B", "", drawing.scene.say("graph.axis.seq")))
    drawing.explain("data", "data", "⡇")
    plot.steps(
        now.answers.time, (now.answers.ack + now.answers.window).astype(float), drawing.ink("window"), dotted=True
    )
    plot.steps(now.answers.time, now.answers.ack.astype(float), drawing.ink("ack"))
    plot.strokes(now.sacks.time, now.sacks.left.astype(float), now.sacks.right.astype(float), drawing.ink("sack"))
    plot.strokes(now.sent.time, now.sent.start.astype(float), now.sent.end.astype(float), drawing.ink("data"))
    drawing.explain("ack", "ack", "⠤⠤")
    drawing.explain("window", "edge", "⠄⠠")
    if len(whole.sacks.packet):
        drawing.explain("sack", "sack", "⡇")
    _mark(drawing, plot)
    return _both(plot, now, now.sent.end.astype(float))


def _stevens(drawing: _Drawing) -> Graph:
    """Stevens: a point for each segment with data, at its sequence number."""
    whole, now = drawing.whole, drawing.now
    if not len(whole.sent.packet):
        return Graph([])
    low = float(min(whole.sent.start.min(), 0))
    frame = Frame(
        0.0, drawing.end, low, float(whole.sent.start.max()), "s", "B", "", drawing.scene.say("graph.axis.seq")
    )
    plot = drawing.plot(frame)
    start = now.sent.start.astype(float)
    plot.points(now.sent.time, start, drawing.ink("data"))
    drawing.explain("data", "segment", "⠄")
    _mark_fleets(drawing, plot)
    _mark(drawing, plot, answers=False)
    return Graph([], plot, 0, now.sent.packet, now.sent.time, start)


def _mark_fleets(drawing: _Drawing, plot: Plot) -> None:
    """An upright line where each burst of segments begins: slow start and the round trips between them are then seen."""
    series, as_of = drawing.scene.store.series(drawing.connection), drawing.scene.moment.as_of
    found = bursts(series, drawing.whole.role, as_of)
    if found is None or len(found.times) > plot.canvas.width // 3:
        return
    style = drawing.scene.palette.ink(drawing.scene.palette.warn)
    for time in ((found.times - int(series.times[0])) / 1e9).tolist():
        plot.upright(time, style)
    fleets = f"{drawing.scene.say('graph.is.fleet')} ({len(found.times)})"
    drawing.legend.append((drawing.scene.glyphs.down, fleets, style))


def _mark(drawing: _Drawing, plot: Plot, answers: bool = True) -> None:
    """Letters at what the analysis found, each explained once; loss is drawn last, over all."""
    palette, whole, now = drawing.scene.palette, drawing.whole, drawing.now
    for name, bit, letter in ANSWER_MARKS if answers else ():
        at = np.flatnonzero(now.answers.marks & bit)
        style = palette.ink(palette.warn, True)
        plot.letters(now.answers.time[at], now.answers.ack[at].astype(float), letter, style)
        if (whole.answers.marks & bit).any():
            drawing.legend.append((letter, drawing.scene.word(f"tcp.analysis.{name}", name), style))
    for name, bit, letter in MARKS:
        at = np.flatnonzero(now.sent.marks & bit)
        style = palette.ink(palette.bad, True)
        plot.letters(now.sent.time[at], now.sent.start[at].astype(float), letter, style)
        if (whole.sent.marks & bit).any():
            drawing.legend.append((letter, drawing.scene.word(f"tcp.analysis.{name}", name), style))


def _both(plot: Plot, now: Direction, sent: Floats) -> Graph:
    """What can be pointed at: segments that were sent and acknowledgements of them."""
    packet = np.concatenate((now.sent.packet, now.answers.packet))
    x = np.concatenate((now.sent.time, now.answers.time))
    y = np.concatenate((sent, now.answers.ack.astype(float)))
    order = np.argsort(packet, kind="stable")
    return Graph([], plot, 0, packet[order], x[order], y[order])


def _flight(drawing: _Drawing) -> Graph:
    """Bytes in flight against the window: where they meet, the receiver is what holds the sender back."""
    whole, now = drawing.whole.flight, drawing.now.flight
    if not len(whole.packet):
        return Graph([])
    most = float(whole.flying.max())
    top = max(most, min(float(whole.window.max()), most * 3 + 1))
    plot = drawing.plot(Frame(0.0, drawing.end, 0.0, top, "s", "B", "", drawing.scene.say("graph.axis.bytes")))
    flying = now.flying.astype(float)
    plot.steps(now.time, now.window.astype(float), drawing.ink("window"), dotted=True)
    plot.steps(now.time, flying, drawing.ink("data"))
    drawing.explain("data", "flight", "⠤⠤")
    drawing.explain("window", "window", "⠄⠠")
    return Graph([], plot, 0, now.packet, now.time, flying)


def _rtt(drawing: _Drawing) -> Graph:
    """Each acknowledgement's round trip, and the smoothed one that the timer goes by."""
    whole, now = drawing.whole.trips, drawing.now.trips
    if not len(whole.packet):
        return Graph([])
    top = float(whole.seconds.max()) * 1.05
    plot = drawing.plot(Frame(0.0, drawing.end, 0.0, top, "s", "s", "", drawing.scene.say("graph.axis.rtt")))
    plot.steps(now.time, now.smoothed, drawing.ink("smooth"), dotted=True)
    plot.points(now.time, now.seconds, drawing.ink("data"))
    drawing.explain("data", "rtt", "⠄")
    drawing.explain("smooth", "srtt", "⠄⠠")
    if len(now.smoothed):
        least = measure(float(now.seconds.min()), "s", drawing.scene.glyphs.name == "ascii")
        drawing.legend.append(("", drawing.scene.say("graph.least", value=least), drawing.scene.palette.plain()))
    return Graph([], plot, 0, now.packet, now.time, now.seconds)


def _throughput(drawing: _Drawing) -> Graph:
    """What was sent and what was confirmed, in bits a second, a dot column an interval."""
    whole, now = drawing.whole, drawing.now
    columns = max((drawing.width - 10) // 2, 8)
    if not len(whole.sent.packet) or drawing.end <= 0:
        return Graph([])
    seconds = drawing.end / columns

    def rate(time: Floats, size: Ints) -> Floats:
        bins = np.minimum((time / seconds).astype(np.int64), columns - 1)
        counts: Floats = np.bincount(np.maximum(bins, 0), weights=size, minlength=columns)[:columns].astype(float)
        bits: Floats = counts * (8 / seconds)
        return bits

    def confirmed(part: Direction) -> Floats:
        ack = part.answers.ack
        gained = np.diff(np.maximum.accumulate(ack), prepend=ack[0]) if len(ack) else ack
        return rate(part.answers.time, gained)

    top = max(float(rate(whole.sent.time, whole.sent.length).max()), float(confirmed(whole).max()), 1.0)
    plot = drawing.plot(Frame(0.0, drawing.end, 0.0, top, "s", "bit/s", "", drawing.scene.say("graph.axis.rate")))
    reached = int(now.sent.time[-1] / seconds) + 1 if len(now.sent.time) else 0
    middles: Floats = (np.arange(columns, dtype=np.float64) + 0.5) * np.float64(seconds)
    sent, good = rate(now.sent.time, now.sent.length), confirmed(now)
    shown = sent > 0
    plot.strokes(middles[shown], np.zeros(int(shown.sum())), sent[shown], drawing.ink("data"))
    plot.steps(middles[:reached], good[:reached], drawing.ink("ack"))
    drawing.explain("data", "sent", "⡇")
    drawing.explain("ack", "confirmed", "⠤⠤")
    interval = measure(seconds, "s", drawing.scene.glyphs.name == "ascii")
    drawing.legend.append(("", drawing.scene.say("graph.interval", value=interval), drawing.scene.palette.plain()))
    y = sent[np.minimum((now.sent.time / seconds).astype(np.int64), columns - 1)]
    return Graph([], plot, 0, now.sent.packet, now.sent.time, y)


def _window(drawing: _Drawing) -> Graph:
    """The receiver's window over time, scaled."""
    whole, now = drawing.whole.answers, drawing.now.answers
    if not len(whole.packet):
        return Graph([])
    frame = Frame(
        0.0, drawing.end, 0.0, float(whole.window.max()), "s", "B", "", drawing.scene.say("graph.axis.window")
    )
    plot = drawing.plot(frame)
    plot.steps(now.time, now.window.astype(float), drawing.ink("window"))
    drawing.explain("window", "window", "⠤⠤")
    closed = np.flatnonzero(now.window == 0)
    style = drawing.scene.palette.ink(drawing.scene.palette.bad, True)
    if len(closed):
        plot.letters(now.time[closed], np.zeros(len(closed)), "Z", style)
        drawing.legend.append(("Z", drawing.scene.word("tcp.analysis.zero-window", "zero-window"), style))
    shift = drawing.whole.shift
    key = "graph.unscaled" if shift is None else "graph.scaled"
    said = drawing.scene.say(key, shift=shift or 0, factor=1 << (shift or 0))
    drawing.legend.append(("", said, drawing.scene.palette.plain()))
    return Graph([], plot, 0, now.packet, now.time, now.window.astype(float))


_PAINTERS: Final[dict[str, Callable[[_Drawing], Graph]]] = {
    "tcptrace": _numbers,
    "stevens": _stevens,
    "flight": _flight,
    "rtt": _rtt,
    "throughput": _throughput,
    "window": _window,
}
