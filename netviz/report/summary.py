"""`netviz summary`: what a capture holds, counted. Counts come from columns; no packet is looked at one by one."""

from collections import Counter
from typing import Final

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from netviz.capture.link_types import link_type_name
from netviz.cors.terms import Word
from netviz.explain.words import Language, say
from netviz.model.osi import place_of
from netviz.model.packets import PacketTable
from netviz.model.protocols import Broken
from netviz.model.safe import safe
from netviz.pipeline.chosen import Chosen, ChosenPackets
from netviz.pipeline.stack import layer_counts, protocol_counts
from netviz.pipeline.store import Store
from netviz.report.form import document as envelope
from netviz.report.form import seconds, timestamp

_UDP = 17
_WORDS: Final[tuple[Word, ...]] = ("allowed", "blocked", "opaque", "indeterminate")


def document(store: Store, chosen: Chosen | None = None) -> dict[str, object]:
    """CONTRACT: `netviz summary FILE --json`; of the whole capture, or of what a filter leaves of it."""
    packets = store.packets if chosen is None else chosen.packets
    exchanges = [each for each in store.exchanges if chosen is None or each.id in chosen.exchanges]
    verdicts = store.verdict_counts() if chosen is None else _chosen_verdicts(store, chosen)
    requests = sum(exchange.request is not None for exchange in exchanges)
    responses = sum((exchange.response is not None) + len(exchange.interim) for exchange in exchanges)
    osi, tcpip = layer_counts(packets)
    return envelope(
        capture=_capture(store, packets),
        protocols=protocol_counts(packets),
        layers={"osi": osi, "tcpip": tcpip},
        connections=store.connection_count() if chosen is None else len(chosen.connections),
        conversations=store.flows.count(_UDP) if chosen is None else chosen.conversations,
        requests=requests,
        responses=responses,
        exchanges=len(exchanges),
        cors={word: verdicts[word] for word in _WORDS},
        malformed=int(np.count_nonzero(packets["broken"] != Broken.NO)),
        limits_hit=dict(store.limit_counter.counts),
    )


def _chosen_verdicts(store: Store, chosen: Chosen) -> Counter[Word]:
    fetches = store.judgement().fetches
    return Counter(fetch.verdict for fetch in fetches if chosen.exchanges.intersection(fetch.exchanges))


def _capture(store: Store, packets: PacketTable | ChosenPackets) -> dict[str, object]:
    info = store.info
    times = packets["time"]
    first, last = (int(times.min()), int(times.max())) if len(times) else (None, None)
    kinds = np.unique(packets["link_type"]).tolist() or [each.link_type for each in info.interfaces]
    return {
        "file": info.file,
        "format": info.format,
        "link_types": [link_type_name(kind) for kind in dict.fromkeys(kinds)],
        "interfaces": [
            {
                "name": each.name,
                "description": each.description,
                "link_type": link_type_name(each.link_type),
                "snaplen": each.snaplen,
                "received": each.received,
                "dropped": each.dropped,
            }
            for each in info.interfaces
        ],
        "packets": len(packets),
        "bytes": int(packets["length"].sum(dtype=np.int64)),
        "first_time": timestamp(first),
        "last_time": timestamp(last),
        "duration": seconds(last - first) if first is not None and last is not None else None,
        "cut_short": info.cut_short,
        "comments": [*info.comments, *packets.comments.values()],
    }


def text(store: Store, language: Language, chosen: Chosen | None = None) -> RenderableType:
    """The same for a person."""
    found = document(store, chosen)
    capture: dict[str, object] = found["capture"]  # type: ignore[assignment]
    head = Table.grid(padding=(0, 2))
    rows: list[tuple[str, object]] = [
        ("summary.file", capture["file"]),
        ("summary.format", f"{capture['format']} · {', '.join(capture['link_types'])}"),  # type: ignore[arg-type]
        ("summary.packets", f"{capture['packets']:,} · {capture['bytes']:,} B"),
        ("summary.duration", _duration(capture["duration"])),
        ("summary.connections", f"TCP {found['connections']:,} · UDP {found['conversations']:,}"),
        ("summary.exchanges", f"{found['exchanges']:,} ({found['requests']:,} → {found['responses']:,} ←)"),
        ("summary.cors", _verdicts(found["cors"], language)),  # type: ignore[arg-type]
        ("summary.malformed", f"{found['malformed']:,}"),
    ]
    for key, value in rows:
        head.add_row(Text(say(key, language), style="bold"), Text(safe(str(value))))
    parts: list[RenderableType] = [head, Text(), _protocol_table(found["protocols"], language)]  # type: ignore[arg-type]
    if capture["cut_short"]:
        parts.append(Text(say(f"cut.{store.info.cut_reason or 'record-cut'}", language), style="bold red"))
    for name, count in store.limit_counter.counts.items():
        parts.append(Text(say("summary.limit", language, name=name, count=count), style="yellow"))
    return Group(*parts)


def _duration(value: object) -> str:
    return f"{value:.6f} s" if isinstance(value, float) else "—"


def _verdicts(counts: dict[str, int], language: Language) -> str:
    return " · ".join(f"{say(f'verdict.{word}', language)} {count:,}" for word, count in counts.items())


def _protocol_table(protocols: dict[str, dict[str, int]], language: Language) -> Table:
    table = Table(box=None, padding=(0, 2), header_style="bold")
    table.add_column(say("summary.protocol", language))
    table.add_column("OSI", justify="right")
    table.add_column(say("summary.packets", language), justify="right")
    table.add_column(say("summary.bytes", language), justify="right")
    for name, counts in protocols.items():
        place = place_of(name)
        table.add_row(name, str(place.osi.value) if place else "·", f"{counts['packets']:,}", f"{counts['bytes']:,}")
    return table
