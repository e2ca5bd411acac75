"""`netviz statistics`: protocols, endpoints, conversations, rates and lengths of a capture, counted."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from netviz.explain.words import Language, has, say
from netviz.model.packets import PacketTable
from netviz.model.protocols import flags_text
from netviz.model.safe import safe
from netviz.pipeline.chosen import Chosen, ChosenPackets
from netviz.pipeline.hierarchy import Branch, carried, flattened, hierarchy
from netviz.pipeline.stack import IP_PROTOCOLS, layer_counts
from netviz.pipeline.statistics import LENGTH_EDGES, TIME_BINS, Statistics, statistics_of
from netviz.pipeline.store import Store
from netviz.report.form import document as envelope
from netviz.report.form import seconds, timestamp
from netviz.tcp.marks import counts as counts_of

_RATE_BINS: Final = 64
_SHOWN: Final = 10
"""Rows of a table that are printed for a person; JSON has all of them."""
_BARS: Final = "▁▂▃▄▅▆▇█"


def document(store: Store, only: Chosen | None = None) -> dict[str, object]:
    """CONTRACT: `netviz statistics FILE --json`; with a filter, of the packets that match."""
    counts, packets = _counted(store, only)
    count = len(counts)
    osi, tcpip = layer_counts(packets)
    layers = counts.layers(count)
    return envelope(
        packets=count,
        bytes=int(packets["length"].sum(dtype=np.int64)),
        hierarchy=[_branch(branch) for branch in hierarchy(counts.stacks(count))],
        layers={"osi": osi, "tcpip": tcpip},
        layer_bytes={"link": layers.link, "network": layers.network, "transport": layers.transport,
                     "application": layers.application},
        endpoints=_endpoints(counts, count),
        conversations=_conversations(counts, count),
        transports={
            IP_PROTOCOLS[number].lower(): {
                "packets": each.packets, "bytes": each.bytes, "header_bytes": each.headers,
                "payload_bytes": each.payload, "packets_without_payload": each.empty, "conversations": each.flows,
            }
            for number, each in counts.transports(count).items()
        },
        tcp_flags={flags_text(bit): number for bit, number in counts.marks(count).items()},
        rates=_rates(counts, count),
        lengths=_lengths(counts, count),
        analysis=analysis_counts(store, only),
    )  # fmt: skip


def _counted(store: Store, only: Chosen | None) -> tuple[Statistics, PacketTable | ChosenPackets]:
    if only is None:
        return statistics_of(store), store.packets
    return Statistics(store, only.packets.rows), only.packets


def analysis_counts(store: Store, only: Chosen | None = None) -> dict[str, int]:
    """How many segments the TCP analysis marked with each name; names that were never given are left out."""
    store.tcp_columns.advance()
    marks = store.tcp_columns.marks
    return counts_of(marks if only is None else marks[only.packets.rows])


def _branch(branch: Branch) -> dict[str, object]:
    place = branch.place
    return {
        "protocol": branch.protocol,
        "osi": int(place.osi) if place else None,
        "tcpip": int(place.tcpip) if place else None,
        "packets": branch.packets,
        "bytes": branch.bytes,
        "carries": [_branch(each) for each in carried(branch)],
    }


def _endpoints(counts: Statistics, count: int) -> list[dict[str, object]]:
    names, traffic, first = counts.endpoints(count)
    order = np.argsort(-traffic.bytes, kind="stable").tolist()
    return [
        {
            "address": names[at],
            "packets": int(traffic.packets[at]),
            "bytes": int(traffic.bytes[at]),
            "sent_packets": int(traffic.sent_packets[at]),
            "sent_bytes": int(traffic.sent_bytes[at]),
            "received_packets": int(traffic.received_packets[at]),
            "received_bytes": int(traffic.received_bytes[at]),
            "first_packet": counts.packet(int(first[at])),
        }
        for at in order
    ]


def _conversations(counts: Statistics, count: int) -> list[dict[str, object]]:
    found = counts.conversations(count)
    traffic = found.traffic
    rows = []
    for at, flow in enumerate(found.numbers.tolist()):
        one, other = counts.ends(flow)
        first, last = int(found.first_row[at]), int(found.last_row[at])
        number = counts.ip_protocol(flow)
        rows.append(
            {
                "protocol": IP_PROTOCOLS.get(number, str(number)),
                "a": {"address": one.address, "port": one.port},
                "b": {"address": other.address, "port": other.port},
                "packets_a_to_b": int(traffic.sent_packets[at]),
                "bytes_a_to_b": int(traffic.sent_bytes[at]),
                "packets_b_to_a": int(traffic.received_packets[at]),
                "bytes_b_to_a": int(traffic.received_bytes[at]),
                "first_packet": counts.packet(first),
                "last_packet": counts.packet(last),
                "start": timestamp(counts.time(first)),
                "duration": seconds(counts.time(last) - counts.time(first)),
            }
        )
    return rows


def _binned(counts: Statistics, count: int) -> tuple[int, int, np.ndarray]:
    """Start, length and contents of few intervals, put together from many."""
    start, width, bins = counts.rates(count)
    each = TIME_BINS // _RATE_BINS
    return start, width * each, bins.reshape(_RATE_BINS, each, 2).sum(axis=1)


def _rates(counts: Statistics, count: int) -> dict[str, object]:
    start, width, bins = _binned(counts, count)
    return {
        "interval": seconds(width) if count else None,
        "start": timestamp(start) if count else None,
        "packets": bins[:, 0].tolist(),
        "bytes": bins[:, 1].tolist(),
    }


def _lengths(counts: Statistics, count: int) -> dict[str, object]:
    numbers, least, most, mean = counts.lengths(count)
    edges = (0, *LENGTH_EDGES)
    return {
        "least": least if count else None,
        "greatest": most if count else None,
        "mean": mean if count else None,
        "buckets": [
            {"from": edges[at], "to": edges[at + 1] - 1 if at + 1 < len(edges) else None, "packets": number}
            for at, number in enumerate(numbers.tolist())
        ],
    }


def text(store: Store, language: Language, only: Chosen | None = None) -> Iterator[RenderableType]:
    """The same for a person, the largest rows of each table."""
    counts, _ = _counted(store, only)
    count = len(counts)
    if not count:
        yield Text(say("packets.none", language))
        return
    yield _hierarchy_table(counts, count, language)
    yield from _titled("statistics.rates", _rate_lines(counts, count, language), language)
    yield from _titled("statistics.lengths", _length_table(counts, count, language), language)
    yield from _titled("statistics.transports", _transport_table(counts, count, language), language)
    yield from _titled("statistics.endpoints", _endpoint_table(counts, count, language), language)
    yield from _titled("statistics.conversations", _conversation_table(counts, count, language), language)
    found = analysis_counts(store, only)
    if found:
        table = _table(language)
        for name, times in sorted(found.items(), key=lambda each: -each[1]):
            key = f"tcp.analysis.{name}"
            table.add_row(say(key, language) if has(key) else name, f"{times:,}")
        yield from _titled("statistics.analysis", table, language)


def _titled(key: str, part: RenderableType, language: Language) -> list[RenderableType]:
    return [Text(), Text(say(key, language), style="bold"), part]


def _table(language: Language, *columns: str, names: int = 1) -> Table:
    """A table without lines: the first columns hold words, the others numbers."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_header=bool(columns))
    for at, key in enumerate(columns):
        table.add_column(say(f"statistics.{key}", language), justify="left" if at < names else "right")
    return table


def _hierarchy_table(counts: Statistics, count: int, language: Language) -> Table:
    table = _table(language, "protocol", "osi", "tcpip", "packets", "share", "bytes")
    for branch in flattened(hierarchy(counts.stacks(count))):
        place = branch.place
        table.add_row(
            Text("  " * branch.depth + branch.protocol),
            str(int(place.osi)) if place else "·",
            str(int(place.tcpip)) if place else "·",
            f"{branch.packets:,}",
            f"{100 * branch.packets / count:.1f} %",
            f"{branch.bytes:,}",
        )
    return table


def _rate_lines(counts: Statistics, count: int, language: Language) -> Text:
    _, width, bins = _binned(counts, count)
    lines = []
    for index, key in ((0, "packets"), (1, "bytes")):
        values = bins[:, index]
        most = max(int(values.max()), 1)
        bars = "".join(" " if not value else _BARS[(value * 7) // most] for value in values.tolist())
        peak = say("statistics.peak", language, count=f"{most:,}", seconds=f"{width / 1e9:.3g}")
        lines.append(f"{bars}  {say(f'statistics.{key}', language)} · {peak}")
    return Text("\n".join(lines))


def _length_table(counts: Statistics, count: int, language: Language) -> Table:
    numbers, least, most, mean = counts.lengths(count)
    edges = (0, *LENGTH_EDGES)
    table = _table(language, "length", "packets", "share")
    for at, number in enumerate(numbers.tolist()):
        if number:
            name = f"{edges[at]}–{edges[at + 1] - 1}" if at + 1 < len(edges) else f"{edges[at]}+"
            table.add_row(name, f"{number:,}", f"{100 * number / count:.1f} %")
    table.caption = say("statistics.mean", language, least=least, most=most, mean=f"{mean:.0f}")
    table.caption_justify = "left"
    return table


def _transport_table(counts: Statistics, count: int, language: Language) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("")
    both = counts.transports(count)
    for number in both:
        table.add_column(IP_PROTOCOLS[number], justify="right")
    rows = (
        ("flows", "flows"), ("packets", "packets"), ("bytes", "bytes"), ("headers", "headers"), ("payload", "payload"),
        ("empty", "empty"),
    )  # fmt: skip
    for key, name in rows:
        table.add_row(say(f"statistics.{key}", language), *(f"{getattr(each, name):,}" for each in both.values()))
    return table


def _endpoint_table(counts: Statistics, count: int, language: Language) -> Table:
    names, traffic, _ = counts.endpoints(count)
    table = _table(language, "address", "packets", "bytes", "sent", "received")
    for at in np.argsort(-traffic.bytes, kind="stable")[:_SHOWN].tolist():
        table.add_row(
            safe(names[at]), f"{traffic.packets[at]:,}", f"{traffic.bytes[at]:,}", f"{traffic.sent_bytes[at]:,}",
            f"{traffic.received_bytes[at]:,}",
        )  # fmt: skip
    _and_more(table, len(names), language)
    return table


def _conversation_table(counts: Statistics, count: int, language: Language) -> Table:
    found = counts.conversations(count)
    table = _table(language, "transport", "a", "b", "packets", "bytes-out", "bytes-back", "seconds", names=3)
    for at in np.argsort(-found.traffic.bytes, kind="stable")[:_SHOWN].tolist():
        flow = int(found.numbers[at])
        one, other = counts.ends(flow)
        number = counts.ip_protocol(flow)
        lasted = (counts.time(int(found.last_row[at])) - counts.time(int(found.first_row[at]))) / 1e9
        table.add_row(
            IP_PROTOCOLS.get(number, str(number)), safe(str(one)), safe(str(other)), f"{found.traffic.packets[at]:,}",
            f"{found.traffic.sent_bytes[at]:,}", f"{found.traffic.received_bytes[at]:,}", f"{lasted:.3f}",
        )  # fmt: skip
    _and_more(table, len(found.numbers), language)
    return table


def _and_more(table: Table, count: int, language: Language) -> None:
    if count > _SHOWN:
        table.caption = say("statistics.more", language, count=f"{count - _SHOWN:,}")
        table.caption_justify = "left"
