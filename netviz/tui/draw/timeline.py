"""All connections and conversations in time: one lane each, in the order in which they began.

    TCP   0 :80 10.9.0.1   :::======####======####====----.....
    UDP   2 :53 10.9.0.1           o o

A lane's bar goes from its first packet to its last one by the present position; only the lanes in sight are worked out.
Opening, open, closing and TIME-WAIT have each their own sign, an exchange on its way and what went wrong stand over it.
UDP has no bar: its datagrams are points, since nothing connects them.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from rich.style import Style
from rich.text import Text

from netviz.model.protocols import RST
from netviz.pipeline.appearances import Appearance
from netviz.pipeline.icmp_names import icmp_name
from netviz.tcp.phases import Phase, phases
from netviz.tui.cells import fit, right
from netviz.tui.draw.connection_rows import ConnectionRows, name_of
from netviz.tui.draw.narrowed import Narrowed
from netviz.tui.draw.plot import measure, number, scale_for, ticks
from netviz.tui.scene import Scene
from netviz.tui.shown import Numbers

_UNICODE: Final = {
    Phase.OPENING: "░", Phase.OPEN: "━", Phase.CLOSING: "▒", Phase.TIME_WAIT: "·", "exchange": "█", "datagram": "▪",
}  # fmt: skip
_ASCII: Final = {
    Phase.OPENING: ":", Phase.OPEN: "=", Phase.CLOSING: "+", Phase.TIME_WAIT: ".", "exchange": "#", "datagram": "o",
}  # fmt: skip
_AROUND: Final = 7
"""Lines that are not lanes: title, two of legend, two of axis, the selected packet's."""
_TWO_MSL: Final = 240 * 10**9
"""Two maximum segment lifetimes of two minutes (RFC 9293 section 3.4.1): TIME-WAIT is drawn no further, in ns."""
_AGAIN: Final = ("retransmission", "fast-retransmission", "spurious-retransmission")
_MOST_EXCHANGES: Final = 2000
"""Exchanges of one connection that are drawn."""


@dataclass(slots=True)
class Lanes:
    """What was drawn, and where: a click and a key find their packet by it."""

    lines: list[Text]
    top: int = 0
    """Place in the list of the first lane in sight."""

    count: int = 0
    """Lanes in sight."""

    total: int = 0
    first_line: int = 0
    """The line of the first lane."""

    label: int = 0
    """Cells before the bars."""

    start: int = 0
    span: int = 1
    """Of the axis, in ns."""

    columns: int = 1
    rows: dict[int, Numbers] = field(default_factory=dict)
    """Place in the list -> rows of its packets up to the present position."""

    def column(self, time: int) -> int:
        """The column of a time."""
        return min(max(int((time - self.start) * (self.columns - 1) // self.span), 0), self.columns - 1)

    def columns_of(self, times: npt.NDArray[Any]) -> Numbers:
        """The same of many, each column once."""
        places: Numbers = (times.astype(np.int64) - self.start) * (self.columns - 1) // self.span
        return np.unique(np.clip(places, 0, self.columns - 1))


def draw_timeline(
    scene: Scene, rows: Narrowed, kinds: ConnectionRows, top: int, zoomed: bool, width: int, height: int
) -> Lanes:
    """The lanes from about `top` on, moved so that the current one is in sight; `zoomed`: the axis is theirs alone."""
    total = rows.count(scene)
    room = max(height - _AROUND, 1)
    current = rows.current(scene)
    if current is not None:
        top = min(max(top, current - room + 1), current)
    top = max(min(top, total - room), 0)
    shown = range(top, min(top + room, total))
    found = [(place, kinds.found(scene, rows.index(scene, place))) for place in shown]
    lanes = Lanes([], top, len(shown), total)
    lanes.label = min(max(width // 3, 18), 36)
    lanes.columns = max(width - lanes.label - 1, 8)
    lanes.rows = {place: _rows_of(scene, each) for place, each in found}
    _set_axis(scene, lanes, zoomed)
    lanes.lines = [_title(scene, lanes, kinds, zoomed), *_legend(scene, width)]
    lanes.first_line = len(lanes.lines)
    for place, each in found:
        lanes.lines.append(_lane(scene, lanes, place, each, place == current))
    if not found:
        lanes.lines.append(Text(f" {rows.empty(scene)}", style=scene.palette.faint(), no_wrap=True, end=""))
    lanes.lines.extend(_axis(scene, lanes))
    lanes.lines.append(_caption(scene, lanes, current))
    return lanes


def _rows_of(scene: Scene, found: Appearance) -> Numbers:
    store = scene.store
    if found.is_udp:
        conversation = store.datagrams.conversation(found.number)
        return conversation.entries[: conversation.upto(scene.moment.as_of)]
    rows = store.connection_rows(found.number)
    return rows[: int(np.searchsorted(rows, scene.moment.as_of))]


def _set_axis(scene: Scene, lanes: Lanes, zoomed: bool) -> None:
    times = scene.store.packets["time"]
    if zoomed and lanes.rows:
        first = min(int(times[rows[0]]) for rows in lanes.rows.values() if len(rows))
        last = max(int(times[rows[-1]]) for rows in lanes.rows.values() if len(rows))
    else:
        # All that has been read, so that stepping moves the bars and not the paper.
        first, last = _extent(scene)
    lanes.start, lanes.span = first, max(last - first, 1)


_extents: dict[int, tuple[int, int, int]] = {}


def _extent(scene: Scene) -> tuple[int, int]:
    """Earliest and latest time of the capture; kept, for a million times take a moment."""
    times, total = scene.store.packets["time"], scene.total
    known = _extents.get(id(scene.store))
    if known is None or known[0] != total:
        _extents.clear()
        first, last = (int(times.min()), int(times.max())) if total else (0, 1)
        known = _extents[id(scene.store)] = (total, first, last)
    return known[1], known[2]


# One lane.


def _lane(scene: Scene, lanes: Lanes, place: int, found: Appearance, current: bool) -> Text:
    palette = scene.palette
    cells: list[tuple[str, Style]] = [(" ", palette.faint())] * lanes.columns
    rows = lanes.rows[place]
    if len(rows):
        (_draw_datagrams if found.is_udp else _draw_connection)(scene, lanes, found.number, rows, cells)
        if scene.row is not None:
            at = int(np.searchsorted(rows, scene.row))
            if at < len(rows) and rows[at] == scene.row:
                column = lanes.column(scene.store.packets.value("time", scene.row))
                cells[column] = (scene.glyphs.knob, palette.on(palette.accent))
    mark = scene.glyphs.closed if current else " "
    label = fit(f"{mark}{name_of(found)} {_far_end(scene, found)}", lanes.label, scene.glyphs.ellipsis)
    text = Text(no_wrap=True, end="")
    text.append(label + " ", palette.ink(palette.accent, True) if current else palette.plain())
    for sign, style in cells:
        text.append(sign, style)
    return text


def _far_end(scene: Scene, found: Appearance) -> str:
    store = scene.store
    end = store.datagrams.conversation(found.number).other if found.is_udp else store.connection(found.number).server
    return f":{end.port} {end.address}"


def _signs(scene: Scene) -> dict[Phase | str, str]:
    return _UNICODE if scene.glyphs.name == "unicode" else _ASCII


def _inks(scene: Scene) -> dict[Phase | str, Style]:
    palette = scene.palette
    return {
        Phase.OPENING: palette.ink(palette.warn),
        Phase.OPEN: palette.ink(palette.good),
        Phase.CLOSING: palette.ink(palette.warn),
        Phase.TIME_WAIT: palette.faint(),
        "exchange": palette.ink(scene.layer_colour("HTTP"), True),
        "datagram": palette.ink(palette.layer(4), True),
    }


def _draw_connection(scene: Scene, lanes: Lanes, number: int, rows: Numbers, cells: list[tuple[str, Style]]) -> None:
    packets, signs, inks = scene.store.packets, _signs(scene), _inks(scene)
    times, as_of = packets["time"], scene.moment.as_of
    connection = scene.store.connection(number)
    begun = [each for each in phases(connection) if each.packet <= as_of]
    last = int(times[rows[-1]])
    for at, (packet, phase) in enumerate(begun):
        if phase is Phase.OVER:
            continue
        start = int(times[packet - 1])
        end = int(times[begun[at + 1].packet - 1]) if at + 1 < len(begun) else last
        if phase is Phase.TIME_WAIT:
            end = min(max(int(times[as_of - 1]), end), start + _TWO_MSL, _used_again(scene, number))
        _stroke(lanes, cells, start, end, signs[phase], inks[phase], hides=phase is not Phase.TIME_WAIT)
    for exchange in scene.store.exchanges_of_connection(number)[:_MOST_EXCHANGES]:
        found = scene.store.exchanges[exchange - 1]
        first, answer = found.request or found.response, found.response or found.request
        if first is not None and answer is not None and first.first_row < as_of:
            end = int(times[min(max(answer.last_row, first.first_row), as_of - 1)])
            _stroke(lanes, cells, int(times[first.first_row]), end, signs["exchange"], inks["exchange"])
    palette = scene.palette
    again = [np.array(each) for name in _AGAIN for each in connection.analysis.get(name, {}).values() if each]
    for each in again:
        for column in lanes.columns_of(times[each[each <= as_of] - 1]).tolist():
            cells[column] = ("R", palette.ink(palette.bad, True))
    resets = rows[(packets["flags"][rows] & np.uint16(RST)) != 0]
    for column in lanes.columns_of(times[resets]).tolist():
        cells[column] = (scene.glyphs.bad, palette.ink(palette.bad, True))


def _used_again(scene: Scene, number: int) -> int:
    """When the connection's ports are used by another one, which ends TIME-WAIT; a time that never comes, where not."""
    after = scene.store.assigner.after(number)
    if after is None:
        return int(np.iinfo(np.int64).max)
    return scene.store.packets.value("time", scene.store.assigner.first_row(after))


def _draw_datagrams(scene: Scene, lanes: Lanes, number: int, rows: Numbers, cells: list[tuple[str, Style]]) -> None:
    packets, palette = scene.store.packets, scene.palette
    times, protocols = packets["time"][rows], packets["ip_protocol"][rows]
    for column in lanes.columns_of(times).tolist():
        cells[column] = (_signs(scene)["datagram"], _inks(scene)["datagram"])
    for column in lanes.columns_of(times[protocols != _UDP]).tolist():
        cells[column] = (scene.glyphs.bad, palette.ink(palette.bad, True))


_UDP: Final = 17


def _stroke(
    lanes: Lanes, cells: list[tuple[str, Style]], start: int, end: int, sign: str, ink: Style, hides: bool = True
) -> None:
    """A bar; where it ends in the cell in which another began, the later one is seen."""
    for column in range(lanes.column(start), lanes.column(end) + 1):
        if hides or cells[column][0] == " ":
            cells[column] = (sign, ink)


# Around the lanes.


def _title(scene: Scene, lanes: Lanes, kinds: ConnectionRows, zoomed: bool) -> Text:
    text = Text(f" {scene.say('pane.timeline')}", style=scene.palette.plain(True), no_wrap=True, end="")
    axis = scene.say("timeline.zoomed" if zoomed else "timeline.whole")
    where = scene.say(
        "timeline.lanes", kind=scene.say(f"kinds.{kinds.appearances.kind}"), first=lanes.top + 1 if lanes.count else 0,
        last=lanes.top + lanes.count, of=f"{lanes.total:,}",
    )  # fmt: skip
    text.append(f"  {where} {scene.glyphs.bullet} {axis}", scene.palette.faint())
    return text


def _legend(scene: Scene, width: int) -> list[Text]:
    palette, signs, inks = scene.palette, _signs(scene), _inks(scene)
    bad = palette.ink(palette.bad, True)
    parts: list[tuple[str, str, Style]] = [
        *((signs[phase] * 2, scene.say(f"timeline.is.{phase}"), inks[phase]) for phase in (*_PHASES, "exchange")),
        ("R", scene.say("timeline.is.again"), bad),
        (scene.glyphs.bad, scene.say("timeline.is.reset"), bad),
        (signs["datagram"], scene.say("timeline.is.datagram"), inks["datagram"]),
    ]
    lines = [Text(no_wrap=True, end="")]
    for sign, word, ink in parts:
        part = Text.assemble((f" {sign}", ink), (f" {word} ", palette.plain()), no_wrap=True, end="")
        if lines[-1].cell_len + part.cell_len > width and len(lines) < 2:
            lines.append(Text(no_wrap=True, end=""))
        lines[-1].append_text(part)
    return [*lines, Text("")][:2]


_PHASES: Final = (Phase.OPENING, Phase.OPEN, Phase.CLOSING, Phase.TIME_WAIT)


def _axis(scene: Scene, lanes: Lanes) -> list[Text]:
    """Seconds from the beginning of the axis, which is the capture's unless it is zoomed."""
    glyphs, palette = scene.glyphs, scene.palette
    offset = (lanes.start - _extent(scene)[0]) / 1e9
    seconds = lanes.span / 1e9
    scale = scale_for("s", offset + seconds, glyphs.name == "ascii")
    values = ticks(offset, offset + seconds, max(lanes.columns // 12, 2))
    step = values[1] - values[0] if len(values) > 1 else 1.0
    line = [glyphs.across] * lanes.columns
    unit = f" {scale.unit}"
    room = lanes.label + 1 + lanes.columns - len(unit)
    names = Text(" " * (lanes.label + 1), no_wrap=True, end="")
    for value in values:
        column = lanes.column(lanes.start + round((value - offset) * 1e9))
        words = number(value / scale.divisor, step / scale.divisor)
        at = lanes.label + 1 + max(column - len(words) // 2, 0)
        if (at > names.cell_len and at + len(words) <= room) or value == values[0]:
            line[column] = glyphs.cross
            names.append(" " * max(at - names.cell_len, 0) + words)
    names.truncate(room, pad=True)
    names.append(unit)
    names.stylize(palette.plain())
    ruled = right(scene.say("timeline.axis"), lanes.label) + " " + "".join(line)
    return [Text(ruled, style=palette.faint(), no_wrap=True, end=""), names]


def _caption(scene: Scene, lanes: Lanes, current: int | None) -> Text:
    """The selected packet, where it is of the current lane."""
    palette, row = scene.palette, scene.row
    rows = lanes.rows.get(current) if current is not None else None
    if row is None or rows is None or row not in rows:
        return Text(f" {scene.say('timeline.select')}", style=palette.faint(), no_wrap=True, end="")
    elapsed = (scene.store.packets.value("time", row) - _extent(scene)[0]) / 1e9
    parts = [f"#{row + 1}", measure(elapsed, "s", scene.glyphs.name == "ascii") if elapsed else "0 s"]
    parts += [scene.word(f"tcp.analysis.{name}", name) for name in scene.store.analysis(row)]
    if scene.store.datagrams.quoted(row + 1) is not None:
        parts.append(f"ICMP {icmp_name(scene.store.packets, row)}")
    said = f" {scene.glyphs.bullet} ".join(parts)
    return Text(f" {scene.glyphs.knob} {said}", style=palette.ink(palette.accent, True), no_wrap=True, end="")
