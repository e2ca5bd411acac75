"""`netviz datagrams`: UDP conversations, which keep no state, their requests and replies, and UDP beside TCP."""

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from netviz.explain.datagram_notes import error_notes, header_notes, pair_notes
from netviz.explain.transports import compared, numbers, tcp_beside
from netviz.explain.words import Language, say
from netviz.model.endpoint import Endpoint
from netviz.model.protocols import PROTOCOL_NAMES
from netviz.pipeline.datagrams import Datagram, UdpConversation
from netviz.pipeline.icmp_names import icmp_name
from netviz.pipeline.lines import packet_line
from netviz.pipeline.store import Store
from netviz.pipeline.transport_costs import tcp_costs, udp_costs
from netviz.report.form import document as envelope
from netviz.report.form import seconds, timestamp

_UDP = {
    "ip_protocol": 17,
    "header_bytes": 8,
    "most_payload": 65_527,
    "most_payload_ipv4": 65_507,
    "greatest_port": 65_535,
}
_SHOWN = 20
"""Datagrams of each conversation that are printed for a person where none was chosen; JSON has all of them."""


def document(store: Store, as_of: int, only: Iterable[int] | None = None) -> dict[str, object]:
    """CONTRACT: `netviz datagrams FILE --json`; of all conversations or of those named, as of a packet."""
    wanted = _wanted(store, as_of, only)
    beside = tcp_beside(store, as_of)
    return envelope(
        udp={
            "ip_protocol": 17,
            "header_bytes": 8,
            "most_payload": 65_527,
            "most_payload_ipv4": 65_507,
            "greatest_port": 65_535,
        },
        conversations=[_object(store, store.datagrams.conversation(number), as_of) for number in wanted],
        tcp_beside=None
        if beside is None
        else {"connection": beside, **(numbers(tcp_costs(store, beside, as_of)) or {})},
    )


def _wanted(store: Store, as_of: int, only: Iterable[int] | None) -> list[int]:
    count = store.datagrams.count(as_of)
    return list(range(count)) if only is None else [number for number in only if number < count]


def _object(store: Store, found: UdpConversation, as_of: int) -> dict[str, object]:
    packets = store.packets
    entries = found.entries[: found.upto(as_of)]
    volumes = store.datagrams.volumes(found, as_of)
    errors = set(found.errors.tolist())
    first, last = int(entries[0]), int(entries[-1])
    return {
        "id": found.id,
        "a": _end(found.one, volumes[0]._asdict()),
        "b": _end(found.other, volumes[1]._asdict()),
        "state": None,
        "first_packet": first + 1,
        "last_packet": last + 1,
        "start": timestamp(packets.value("time", first)),
        "duration": seconds(packets.value("time", last) - packets.value("time", first)),
        "costs": numbers(udp_costs(store, found.id, as_of)),
        "datagrams": [
            _datagram(store.datagrams.datagram(found, row, as_of)) for row in entries.tolist() if row not in errors
        ],
        "icmp_errors": [
            {"packet": row + 1, "name": icmp_name(packets, row), "quotes": store.datagrams.quoted(row + 1)}
            for row in entries.tolist()
            if row in errors
        ],
    }


def _end(end: Endpoint, volume: dict[str, object]) -> dict[str, object]:
    return {"address": end.address, "port": end.port, **volume}


def _datagram(found: Datagram) -> dict[str, object]:
    pair = found.pair
    return {
        "packet": found.packet,
        "time": timestamp(found.time),
        "from": "b" if found.side else "a",
        "payload": found.payload,
        "length": found.size,
        "protocol": PROTOCOL_NAMES[found.protocol],
        "kind": None if pair is None else "reply" if pair.is_reply else "request",
        "answers": pair.answers if pair is not None else None,
        "answered": pair.answered if pair is not None else None,
        "asked_before": pair.asked_before if pair is not None else None,
        "tie": pair.tie if pair is not None else None,
        "inferred": ["ports"] if pair is not None and pair.tie == "ports" else [],
        "refused": found.refused,
    }


def text(
    store: Store, language: Language, as_of: int, only: Iterable[int] | None = None, whole: bool = False
) -> Iterator[RenderableType]:
    """A block a conversation, then what each transport cost; `whole`: every datagram with its sentences."""
    wanted = _wanted(store, as_of, only)
    if not wanted:
        yield Text(say("udp.none" if only is None else "filter.nothing", language))
        return
    for number in wanted:
        yield from _block(store, store.datagrams.conversation(number), language, as_of, whole)
    yield Text()
    yield from comparison(store, language, as_of, wanted[0])


def _block(
    store: Store, found: UdpConversation, language: Language, as_of: int, whole: bool
) -> Iterator[RenderableType]:
    entries = found.entries[: found.upto(as_of)].tolist()
    errors = set(found.errors.tolist())
    volumes = store.datagrams.volumes(found, as_of)
    yield Text(f"[{found.id}] UDP {found.one} → {found.other}", style="bold")
    head = say("udp.head", language, packets=len(entries) - len(errors.intersection(entries)), first=entries[0] + 1,
               last=entries[-1] + 1)  # fmt: skip
    yield Text(f"    {head} · → {volumes[0].payload:,} B · ← {volumes[1].payload:,} B")
    yield Text(f"    {say('udp.no-state', language, packet=entries[0] + 1)}")
    if whole:
        yield Text(f"    {say('udp.grouping', language)}")
    start = store.packets.value("time", entries[0])
    for row in entries if whole else entries[:_SHOWN]:
        offset = (store.packets.value("time", row) - start) / 1e9
        if row in errors:
            told = " ".join(note for note, _ in error_notes(store, row, language))
            yield Text(f"    #{row + 1:<6} {offset:>11.6f}  {told}", style="red")
            continue
        datagram = store.datagrams.datagram(found, row, as_of)
        arrow = "←" if datagram.side else "→"
        info = packet_line(store, row).info
        yield Text(f"    #{row + 1:<6} {offset:>11.6f}  {arrow} {datagram.payload:>5} B  {info}")
        for note, _ in pair_notes(store, datagram, language, as_of):
            yield Text(f"            {note}", style="dim")
        if whole:
            yield Text(f"            {say('udp.header', language)}", style="dim")
        for note in header_notes(store, row, language) if whole else ():
            yield Text(f"              {note}", style="dim")
    if whole:
        yield Text(f"    {say('udp.limits', language)}")
    if not whole and len(entries) > _SHOWN:
        yield Text(f"    … {len(entries) - _SHOWN:,}")


def comparison(store: Store, language: Language, as_of: int, conversation: int) -> Iterator[RenderableType]:
    """UDP beside TCP as a table."""
    beside = tcp_beside(store, as_of)
    yield Text(say("udp.compare", language), style="bold")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("")
    table.add_column(f"UDP [{conversation}]")
    if beside is not None:
        table.add_column(f"TCP [{beside}]")
    for line in compared(store, language, as_of, conversation, beside):
        table.add_row(*line if beside is not None else line[:2])
    yield table
    if beside is None:
        yield Text(say("udp.compare.no-tcp", language, packet=as_of))
    yield Text(say("udp.compare.speed", language))
