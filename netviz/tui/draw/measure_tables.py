"""Two pages beside the graphs: the segments with data and their round trips as a table, and the numbers in sentences."""

import numpy as np
from rich.text import Text

from netviz.explain.measure_notes import measure_notes
from netviz.tcp.connection import Connection, Role
from netviz.tcp.data_segments import DataSegments, data_segments
from netviz.tui.cells import fit, right, wrapped
from netviz.tui.draw.graphs import Graph, titled
from netviz.tui.draw.plot import measure
from netviz.tui.scene import Scene

_COLUMNS = (
    ("number", 8),
    ("sent-at", 11),
    ("seq", 11),
    ("data", 8),
    ("acked-by", 9),
    ("sample", 11),
    ("estimated", 13),
)


def draw_segments(scene: Scene, connection: Connection, role: Role, width: int, height: int) -> Graph:
    """The table, around the selected packet. Times are from the connection's first packet."""
    series = scene.store.series(connection.id)
    data = data_segments(series, role, scene.moment.as_of)
    lines = [titled(scene, connection, "segments", role)]
    if not len(data.packets):
        lines.append(Text(f" {scene.say('graph.empty.segments')}", style=scene.palette.faint(), end=""))
        return Graph(lines)
    told = wrapped(scene.word("measure.estimate", ""), width - 2)
    faint = scene.palette.faint()
    lines.extend(Text(f" {text}", style=faint, no_wrap=True, end="") for text in told)
    head = "".join(right(scene.say(f"column.{name}"), cells) for name, cells in _COLUMNS)
    lines.append(Text(fit(head, width), style=scene.palette.ink(scene.palette.dim, True), no_wrap=True, end=""))
    room = max(height - len(lines), 1)
    at = int(np.searchsorted(data.packets, scene.moment.selected))
    top = max(min(at - room // 2, len(data.packets) - room), 0)
    start = int(series.times[0])
    for index in range(top, min(top + room, len(data.packets))):
        lines.append(_segment(scene, data, index, start, width))
    elapsed = (data.times - start) / 1e9
    return Graph(lines, None, 0, data.packets, elapsed, data.seq.astype(np.float64))


def _segment(scene: Scene, data: DataSegments, index: int, start: int, width: int) -> Text:
    ascii_only = scene.glyphs.name == "ascii"

    def time(nanoseconds: int) -> str:
        return measure(nanoseconds / 1e9, "s", ascii_only) if nanoseconds > 0 else "0 s" if nanoseconds == 0 else "-"

    packet, acked = int(data.packets[index]), int(data.ack_packets[index])
    values = (
        f"#{packet}",
        time(int(data.times[index]) - start),
        f"{int(data.seq[index]):,}",
        f"{int(data.length[index]):,}",
        f"#{acked}" if acked else "-",
        time(int(data.rtt[index])),
        time(int(data.estimated[index])),
    )
    cells = "".join(right(value, size) for value, (_, size) in zip(values, _COLUMNS, strict=True))
    if packet == scene.moment.selected:
        return Text(fit(cells, width), style=scene.palette.on(scene.palette.accent), no_wrap=True, end="")
    again = scene.store.analysis(packet - 1)
    style = scene.palette.ink(scene.palette.bad, True) if again else scene.palette.plain()
    named = f"  {scene.word(f'tcp.analysis.{again[0]}', again[0])}" if again else ""
    return Text(fit(cells + named, width, scene.glyphs.ellipsis), style=style, no_wrap=True, end="")


def draw_numbers(scene: Scene, connection: Connection, role: Role, width: int, height: int) -> Graph:
    """Throughput, window, acknowledgements, what was sent again, bursts."""
    lines = [titled(scene, connection, "numbers", role)]
    packets = []
    for told, packet in measure_notes(scene.store, connection.id, role, scene.language, scene.moment.as_of):
        if packet is not None:
            packets.append(packet)
        ink = (
            scene.palette.ink(scene.palette.accent, True) if packet == scene.moment.selected else scene.palette.plain()
        )
        for at, text in enumerate(wrapped(told, width - 4, "  ")):
            mark = scene.glyphs.closed if at == 0 else " "
            lines.append(Text(f" {mark} {text}", style=ink, no_wrap=True, end=""))
    found = np.unique(np.array(packets, np.int64))
    return Graph(lines, None, 0, found, np.zeros(len(found)), np.zeros(len(found)))
