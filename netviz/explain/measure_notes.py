"""The numbers of one direction of a connection in sentences: throughput, window, acknowledgements, repeats, bursts."""

import numpy as np

from netviz.explain.words import Language, say
from netviz.pipeline.store import Store
from netviz.tcp.connection import Role
from netviz.tcp.data_segments import ack_sizes, bursts, data_segments, least_window, throughput
from netviz.tcp.series import ConnectionSeries

Note = tuple[str, int | None]
"""A sentence, and the packet that it leads to."""

_SHOWN = 5
_AGAIN = ("retransmission", "fast-retransmission", "spurious-retransmission")


def measure_notes(store: Store, connection: int, role: Role, language: Language, as_of: int | None) -> list[Note]:
    """All that can be said of what `role` sent, up to a packet."""
    series = store.series(connection)
    other: Role = "server" if role == "client" else "client"
    names = {"role": say(f"role.{role}", language), "other": say(f"role.{other}", language)}
    return [
        *_throughput(series, role, as_of, language, names),
        *_window(series, other, as_of, language, names),
        *_acks(series, other, as_of, language, names),
        *_again(store, connection, role, as_of, language, names),
        *burst_notes(series, role, as_of, language),
    ]


def _throughput(
    series: ConnectionSeries, role: Role, as_of: int | None, language: Language, names: dict[str, str]
) -> list[Note]:
    found = throughput(series, role, as_of)
    if found is None:
        return [(say("measure.throughput.none", language, **names), None)]
    told = say(
        "measure.throughput", language, bytes=f"{found.bytes:,}", seconds=f"{found.nanoseconds / 1e9:.6f}",
        first=found.first_packet, packet=found.last_packet, rate=rate_text(found.bits_per_second), **names,
    )  # fmt: skip
    return [(told, found.last_packet)]


def rate_text(bits_per_second: float) -> str:
    """`1.57 Mbit/s`."""
    for divisor, unit in ((1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s")):
        if bits_per_second >= divisor:
            return f"{bits_per_second / divisor:.3g} {unit}"
    return f"{bits_per_second:.3g} bit/s"


def _window(
    series: ConnectionSeries, other: Role, as_of: int | None, language: Language, names: dict[str, str]
) -> list[Note]:
    found = least_window(series, other, as_of)
    if found is None:
        return []
    told = say("measure.window", language, window=f"{found.window:,}", packet=found.packet, **names)
    key = "measure.window.throttled" if found.zero else "measure.window.never"
    return [(f"{told} {say(key, language, times=found.zero, **names)}", found.packet)]


def _acks(
    series: ConnectionSeries, other: Role, as_of: int | None, language: Language, names: dict[str, str]
) -> list[Note]:
    found = ack_sizes(series, other, as_of)
    if not found.acks:
        return [(say("measure.acks.none", language, **names), None)]
    sizes = ", ".join(
        say("measure.acks.size", language, bytes=f"{size:,}", times=times, packet=packet)
        for size, times, packet in found.sizes[:_SHOWN]
    ) + (" …" if len(found.sizes) > _SHOWN else "")
    told = say("measure.acks", language, acks=found.acks, sizes=sizes, several=found.several, **names)
    return [(told, found.sizes[0][2])]


def _again(
    store: Store, connection: int, role: Role, as_of: int | None, language: Language, names: dict[str, str]
) -> list[Note]:
    """Which packets repeat bytes, and which one had sent the same bytes before: that is how it is checked."""
    analysis = store.connection(connection).analysis
    packets = sorted(
        {
            packet
            for name in _AGAIN
            for packet in analysis.get(name, {}).get(role, [])
            if as_of is None or packet <= as_of
        }
    )
    if not packets:
        return [(say("measure.again.none", language, **names), None)]
    data = data_segments(store.series(connection), role, as_of)
    notes: list[Note] = []
    for packet in packets[:_SHOWN]:
        at = int(np.searchsorted(data.packets, packet))
        before = None
        if at < len(data.packets) and data.packets[at] == packet:
            seq, end = int(data.seq[at]), int(data.seq[at] + data.length[at])
            same = np.flatnonzero((data.seq[:at] < end) & (data.seq[:at] + data.length[:at] > seq))
            before = int(data.packets[same[0]]) if len(same) else None
            key = "measure.again.same" if before is not None else "measure.again.unseen"
            told = say(key, language, packet=packet, first=seq, last=end - 1, before=before or 0, **names)
            notes.append((told, packet))
    if len(packets) > len(notes):
        notes.append((say("measure.again.count", language, count=len(packets), **names), None))
    return notes


def burst_notes(series: ConnectionSeries, role: Role, as_of: int | None, language: Language) -> list[Note]:
    """The fleets of what `role` sent."""
    names = {"role": say(f"role.{role}", language)}
    found = bursts(series, role, as_of)
    if found is None:
        return [(say("measure.bursts.none", language, **names), None)]
    sizes = ", ".join(
        say("measure.bursts.one", language, packet=packet, segments=segments, bytes=f"{size:,}")
        for packet, segments, size in zip(
            found.packets[:_SHOWN].tolist(), found.segments[:_SHOWN].tolist(), found.bytes[:_SHOWN].tolist(),
            strict=True,
        )
    ) + (" …" if len(found.packets) > _SHOWN else "")  # fmt: skip
    gap = f"{found.gap / 1e6:.3f}"
    told = say("measure.bursts", language, count=len(found.packets), sizes=sizes, gap=gap, **names)
    if found.period is not None:
        told = f"{told} {say('measure.bursts.period', language, ms=f'{found.period / 1e6:.3f}')}"
    return [(told, int(found.packets[0]))]
