"""Panels of counts as of the present position: bytes by layer on both ladders, lengths, rates, TCP beside UDP."""

from typing import Final

import numpy as np
import numpy.typing as npt
from rich.text import Text

from netviz.pipeline.stack import IP_PROTOCOLS
from netviz.pipeline.statistics import LENGTH_EDGES, TIME_BINS, Transport, statistics_of
from netviz.tui.cells import fit, right, wrapped
from netviz.tui.draw.bars import bar, percent, short
from netviz.tui.draw.canvas import Ink
from netviz.tui.draw.line import Line, plain
from netviz.tui.draw.names import osi_name, tcpip_name
from netviz.tui.draw.plot import Frame, Plot, Unit, measure
from netviz.tui.scene import Scene

_TCP, _UDP = 6, 17
_LADDER: Final = ((7, 4), (4, 3), (3, 2), (2, 1))
"""OSI layers that have bytes of their own in the counts, from above, each with its TCP/IP layer."""


def _nothing(scene: Scene) -> list[Line]:
    return [plain(f" {scene.say('empty.packets' if scene.store.finished else 'working.first')}", scene.palette.faint())]


def layer_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """Bytes that each layer put on the wire, on both ladders: payload above, headers below it."""
    as_of, palette = scene.moment.as_of, scene.palette
    if not as_of:
        return _nothing(scene)
    sums = statistics_of(scene.store).layers(as_of)
    sizes = {7: sums.application, 4: sums.transport, 3: sums.network, 2: sums.link}
    whole = max(sum(sizes.values()), 1)
    names = {osi: (f"{osi} {osi_name(scene, osi)}", f"{tcpip} {tcpip_name(scene, tcpip)}") for osi, tcpip in _LADDER}
    left = max(Text(name[0]).cell_len for name in names.values()) + 2
    middle = max(Text(name[1]).cell_len for name in names.values()) + 2
    room = max(width - left - middle - 20, 4)
    lines = [
        plain(f" {fit('OSI', left)} {fit('TCP/IP', middle)} {right(scene.say('column.bytes'), 7)}", palette.faint())
    ]
    for osi, _ in _LADDER:
        colour = palette.layer(osi)
        text = Text(" ", no_wrap=True, end="")
        text.append(fit(f" {names[osi][0]}", left), palette.on(colour))
        text.append(" ")
        text.append(fit(f" {names[osi][1]}", middle), palette.on(colour))
        text.append(f" {short(sizes[osi]):>7} ", palette.plain(True))
        text.append(bar(scene, sizes[osi] / whole, room), palette.ink(colour))
        text.append(f"{percent(sizes[osi], whole):>8}", palette.plain())
        lines.append(Line(text))
    overhead = whole - sizes[7]
    each = overhead / as_of
    said = scene.word(
        "statistics.overhead", "", bytes=short(overhead), share=percent(overhead, whole), each=f"{each:.1f}"
    )
    lines.append(plain(""))
    lines.extend(plain(f" {text}", palette.plain()) for text in wrapped(said, width - 2))
    lines.extend(
        plain(f" {text}", palette.faint()) for text in wrapped(scene.word("statistics.no-bytes", ""), width - 2)
    )
    return lines


def length_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """How long the packets are."""
    as_of, palette = scene.moment.as_of, scene.palette
    if not as_of:
        return _nothing(scene)
    numbers, least, most, mean = statistics_of(scene.store).lengths(as_of)
    edges = (0, *LENGTH_EDGES)
    highest = max(int(numbers.max()), 1)
    room = max(width - 30, 4)
    lines = []
    for at, number in enumerate(numbers.tolist()):
        name = f"{edges[at]}-{edges[at + 1] - 1}" if at + 1 < len(edges) else f"{edges[at]}+"
        text = Text(f" {name:>9} ", style=palette.plain(), no_wrap=True, end="")
        text.append(bar(scene, number / highest, room), palette.ink(palette.accent))
        text.append(f" {short(number):>8} {percent(number, as_of):>7}", palette.plain(number > 0))
        lines.append(Line(text))
    said = scene.word("statistics.mean", "", least=least, most=most, mean=f"{mean:.0f}")
    return [*lines, plain(f" {said}", palette.faint())]


def transport_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """TCP and UDP side by side, on the bytes of this capture."""
    as_of, palette = scene.moment.as_of, scene.palette
    if not as_of:
        return _nothing(scene)
    counts = statistics_of(scene.store)
    both = counts.transports(as_of)
    tcp, udp = both[_TCP], both[_UDP]
    label = min(max(width - 28, 16), 30)
    head = Text(" " * (label + 1), no_wrap=True, end="")
    for number in (_TCP, _UDP):
        head.append(f"{IP_PROTOCOLS[number]:>12}", palette.ink(palette.layer(4), True))
    lines = [Line(head)]
    rows = [
        ("statistics.flows", short(tcp.flows), short(udp.flows)),
        ("statistics.packets", short(tcp.packets), short(udp.packets)),
        ("statistics.bytes", short(tcp.bytes), short(udp.bytes)),
        ("statistics.payload", short(tcp.payload), short(udp.payload)),
        ("statistics.headers", short(tcp.headers), short(udp.headers)),
        ("statistics.header-share", _share(tcp), _share(udp)),
        ("statistics.empty", short(tcp.empty), short(udp.empty)),
    ]
    for key, one, other in rows:
        lines.append(Line(_pair(scene, scene.word(key, key), one, other, label)))
    marks = counts.marks(as_of)
    said = scene.word("statistics.marks", "", syn=marks[2], fin=marks[1], rst=marks[4])
    lines.append(plain(""))
    for text in (said, scene.word("statistics.stateless", "")):
        lines.extend(plain(f" {part}", palette.plain()) for part in wrapped(text, width - 2))
    return lines


def _share(each: Transport) -> str:
    return percent(each.headers, each.headers + each.payload)


def _pair(scene: Scene, name: str, one: str, other: str, label: int) -> Text:
    text = Text(f" {fit(name, label, scene.glyphs.ellipsis)}", style=scene.palette.plain(), no_wrap=True, end="")
    text.append(f"{one:>12}{other:>12}", scene.palette.plain(True))
    return text


def rate_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """Bits and packets a second over the time of the capture, and where the selected packet is."""
    if not scene.moment.as_of or width < 24:
        return _nothing(scene)
    start, interval, bins = statistics_of(scene.store).rates(scene.moment.as_of)
    palette = scene.palette
    reach = interval * TIME_BINS / 1e9
    both = height >= 18
    parts: list[tuple[str, npt.NDArray[np.int64], Unit, str]] = [
        ("statistics.bits", bins[:, 1] * 8, "bit/s", palette.layer(4)),
        ("statistics.packet-rate", bins[:, 0], "/s", palette.layer(3)),
    ]
    lines: list[Line] = []
    for at, (key, values, unit, colour) in enumerate(parts if both else parts[:1]):
        room = height // 2 if both else height
        columns = max(width - 12, 8)
        places = np.arange(TIME_BINS) * columns // TIME_BINS
        rate = np.bincount(places, weights=values, minlength=columns) / np.bincount(places) / (interval / 1e9)
        top = max(float(rate.max()), 1.0)
        name = scene.word(key, "", most=measure(top, unit), seconds=measure(reach / columns, "s"))
        plot = Plot(scene, Frame(0.0, reach, 0.0, top, "s", unit, "", name), width, room, axis_below=True)
        middles = (np.arange(columns, dtype=np.float64) + 0.5) * (reach / columns)
        shown = rate > 0
        letter = "#" if at == 0 else "*"
        plot.strokes(middles[shown], np.zeros(int(shown.sum())), rate[shown], Ink(palette.ink(colour), letter))
        if scene.row is not None:
            now = (scene.store.packets.value("time", scene.row) - start) / 1e9
            plot.upright(now, palette.ink(palette.accent))
        lines.extend(Line(line) for line in plot.lines())
    return lines
