"""`netviz packets`: one line a packet, as text or as JSON Lines."""

from collections.abc import Iterable, Iterator

from netviz.explain.words import Language, say
from netviz.model.protocols import Broken, flags_text
from netviz.pipeline.lines import PacketLine, packet_line
from netviz.pipeline.stack import layers_of
from netviz.pipeline.store import Store
from netviz.report.form import timestamp
from netviz.tcp.marks import deepest


def documents(store: Store, rows: Iterable[int] | None = None) -> Iterator[dict[str, object]]:
    """CONTRACT: `netviz packets FILE --json`, one object a packet."""
    store.tcp_columns.advance()
    for row in range(len(store.packets)) if rows is None else rows:
        yield _object(store, packet_line(store, row))


def _object(store: Store, line: PacketLine) -> dict[str, object]:
    packets, row = store.packets, line.number - 1
    is_segment = line.connection is not None
    return {
        "number": line.number,
        "time": timestamp(line.time),
        "length": line.length,
        "captured": line.captured,
        "layers": layers_of(packets, row, line.protocol),
        "source": line.source or None,
        "destination": line.destination or None,
        "source_port": line.source_port,
        "destination_port": line.destination_port,
        "protocol": line.protocol,
        "info": line.info,
        "connection": line.connection,
        "direction": _direction(store, row) if is_segment else None,
        "flags": flags_text(packets.value("flags", row)) if is_segment else None,
        "analysis": list(line.analysis),
        "exchange": line.exchange,
        "broken": _broken(store, row),
    }


def _direction(store: Store, row: int) -> str | None:
    connection = store.connection(store.packets.value("connection", row))
    return connection.role_of(store.packets.value("side", row))


def _broken(store: Store, row: int) -> dict[str, object] | None:
    packets = store.packets
    reason = Broken(packets.value("broken", row))
    if reason is Broken.NO:
        return None
    layer, column = reason.name.split("_")[0].lower(), "network_offset"
    if layer == "transport":
        column = "transport_offset"
    offset = packets.value(column, row) if layer != "link" else 0
    return {"layer": layer, "offset": max(offset, 0), "reason": reason.name.lower().replace("_", "-")}


def text_line(line: PacketLine, first_time: int, language: Language, when: str | None = None) -> str:
    """One packet as one line of plain text: number, time, ends, protocol, length, info.

    The time is seconds since the first packet, or `when`.
    """
    when = f"{(line.time - first_time) / 1e9:.6f}" if when is None else when
    names = [say(f"tcp.analysis.{name}", language) for name in deepest(line.analysis)]
    marks = f" [{', '.join(names)}]" if names else ""
    return (
        f"{line.number:>6}  {when:>12}  {line.source:<15} → {line.destination:<15}"
        f"  {line.protocol:<8} {line.length:>6}  {line.info}{marks}"
    )
