"""`netviz connections FILE --connection N`: one connection measured in depth, as text and as JSON."""

from collections.abc import Iterator
from typing import Final

from rich.table import Table
from rich.text import Text

from netviz.explain.connection_notes import connection_notes, role_notes
from netviz.explain.measure_notes import burst_notes
from netviz.explain.notes import seconds as duration
from netviz.explain.tcp_notes import step_notes, transition_notes, wrong_notes
from netviz.explain.words import LANGUAGES, Language, say
from netviz.pipeline.connection_depth import ROLES, Closed, ConnectionDepth, connection_depth
from netviz.pipeline.store import Store
from netviz.report import connections
from netviz.report.exchange_depth import note_text
from netviz.report.form import document as envelope
from netviz.report.form import seconds, timestamp
from netviz.tcp.connection import Connection, Role
from netviz.tcp.corrections import LOOKED_AT
from netviz.tcp.data_segments import Bursts, bursts
from netviz.tcp.measures import DataSegment, Extreme, Measures, RoundTripTimes
from netviz.tcp.sent_again import SentAgain

_LISTED: Final = 1000
"""Data segments of each direction in JSON."""


def document(store: Store, number: int) -> dict[str, object]:
    """CONTRACT: `netviz connections FILE --connection N --json`: as of all connections, and beside that `depth`."""
    found = connection_depth(store, number, _LISTED)
    depth: dict[str, object] = {"window_scaling": found.is_scaled, **{role: _direction(found, role) for role in ROLES}}
    told = _told_wrong(store, number)
    return envelope(
        connections=[{**connections.facts(store, found.connection), "depth": depth, "often_told_wrong": told}]
    )


def _told_wrong(store: Store, number: int) -> list[dict[str, object]]:
    """The errors that the connection puts right, by packet, in both languages."""
    connection, segments = store.connection(number), store.segments(number)
    by_language = {language: wrong_notes(connection, segments, language) for language in LANGUAGES}
    return [
        {
            "packet": each.packet,
            "told": {language: by_language[language][at].told for language in LANGUAGES},
            "right": {language: by_language[language][at].right for language in LANGUAGES},
        }
        for at, each in enumerate(by_language["en"])
    ]


def _direction(found: ConnectionDepth, role: Role) -> dict[str, object]:
    own = found.measures[role]
    return {
        **_offered(own),
        "data_segments": own.data_segments,
        "repeated_bytes": own.repeated,
        "rtt": _rtt(own.rtt),
        "in_flight": _extreme(own.in_flight),
        "window": {"least": _extreme(own.least_window), "greatest": _extreme(own.greatest_window)},
        "acks": {
            "count": own.acks.acks,
            "of_one_segment": own.acks.of_one,
            "of_two_segments": own.acks.of_two,
            "of_more_segments": own.acks.of_more,
            "sizes": [
                {"bytes": size, "times": times, "first_packet": packet} for size, times, packet in own.acks.sizes
            ],
        },
        "throughput": None
        if own.throughput is None
        else {
            "bytes": own.throughput.payload,
            "seconds": seconds(own.throughput.nanoseconds),
            "bits_per_second": own.throughput.payload * 8e9 / own.throughput.nanoseconds,
            "first_packet": own.throughput.first,
            "last_packet": own.throughput.last,
        },
        "segments": [_segment(each) for each in own.segments],
        "bursts": _bursts(bursts(found.series, role)),
        "sent_again": [_again(each) for each in found.sent_again[role]],
        "closed_windows": [_closed(each) for each in found.closed[role]],
    }


def _bursts(found: Bursts | None) -> dict[str, object] | None:
    if found is None:
        return None
    fleets = zip(found.packets.tolist(), found.segments.tolist(), found.bytes.tolist(), strict=True)
    return {
        "gap": seconds(found.gap),
        "period": seconds(found.period),
        "fleets": [{"packet": packet, "segments": count, "bytes": size} for packet, count, size in fleets],
    }


def _offered(own: Measures) -> dict[str, object]:
    options = own.options
    return {
        "initial_seq": own.isn,
        "mss": None if options is None else options.mss,
        "window_scale": None if options is None else options.window_scale,
        "sack_permitted": None if options is None else options.sack_permitted,
        "timestamps": None if options is None else options.timestamps is not None,
    }


def _extreme(found: Extreme | None) -> dict[str, int] | None:
    return None if found is None else {"bytes": found.value, "packet": found.packet}


def _rtt(found: RoundTripTimes | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "samples": found.samples,
        "least": seconds(found.least),
        "least_packet": found.least_packet,
        "median": seconds(found.median),
        "greatest": seconds(found.greatest),
        "greatest_packet": found.greatest_packet,
        "estimated": seconds(found.estimated),
        "deviation": seconds(found.deviation),
        "timeout": seconds(found.timeout),
    }


def _segment(each: DataSegment) -> dict[str, object]:
    return {
        "packet": each.packet,
        "seq": each.seq,
        "length": each.length,
        "time": timestamp(each.sent),
        "acked_by": each.acked_by,
        "rtt": seconds(each.rtt),
        "estimated_rtt": seconds(each.estimated),
    }


def _again(each: SentAgain) -> dict[str, object]:
    return {
        "packet": each.packet,
        "reason": each.reason.value,
        "before": each.before,
        "waited": seconds(each.waited),
        "attempt": each.attempt,
        "ratio": each.ratio,
    }


def _closed(each: Closed) -> dict[str, object]:
    return {
        "closed": each.closed,
        "opened": each.opened,
        "seconds": seconds(each.nanoseconds),
        "probes": each.probes,
    }


def text(store: Store, number: int, language: Language) -> Iterator[Text | Table]:
    """The same for a person: first what holds for both directions, then each of them with its first data segments."""
    yield from connections.text(store, language, [number])
    found = connection_depth(store, number)
    yield Text("")
    for each in connection_notes(found, language):
        yield note_text(each)
    yield from _steps(store, found.connection, language)
    for role in ROLES:
        yield Text("")
        for each in role_notes(found, role, language):
            yield note_text(each)
        yield Text(f"  {burst_notes(found.series, role, None, language)[0][0]}")
        if found.measures[role].segments:
            yield _table(found, role, language)
            yield Text(f"  {say('measure.estimate', language)}", style="dim")


def _steps(store: Store, connection: Connection, language: Language) -> Iterator[Text]:
    """Every step in a sentence, then what is often told wrong of them."""
    segments = store.segments(connection.id)
    told = {step.packet for step in connection.transitions}
    yield Text("")
    for segment in segments[:LOOKED_AT]:
        notes = step_notes(connection, segment, language)
        if notes or segment.packet in told:
            for note in (*notes, *transition_notes(connection, segment.packet, language)):
                yield Text(f"  {note}")
            told.discard(segment.packet)
    for packet in sorted(told):
        # What no segment of the connection does: an ICMP error, or what lies beyond the segments gone through.
        for note in transition_notes(connection, packet, language):
            yield Text(f"  {note}")
    wrongs = wrong_notes(connection, segments, language)
    if wrongs:
        yield Text("")
        yield Text(say("wrong.title", language), style="bold")
    for wrong in wrongs:
        yield Text(f"  ✗ {wrong.told}", style="dim")
        yield Text(f"  ✓ {wrong.right}")


def _table(found: ConnectionDepth, role: Role, language: Language) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for key in ("number", "packet", "seq", "length", "sent", "acked-by", "rtt", "estimated"):
        table.add_column(say(f"depth.column.{key}", language), justify="right")
    start = int(found.series.times[0])
    for place, each in enumerate(found.measures[role].segments, 1):
        table.add_row(
            f"  {place}", f"#{each.packet}", f"{each.seq:,}", f"{each.length:,}", f"{(each.sent - start) / 1e9:.6f}",
            "" if each.acked_by is None else f"#{each.acked_by}", "" if each.rtt is None else duration(each.rtt / 1e9),
            "" if each.estimated is None else duration(each.estimated / 1e9),
        )  # fmt: skip
    more = found.measures[role].data_segments - len(found.measures[role].segments)
    if more > 0:
        table.caption = say("depth.more-segments", language, count=f"{more:,}", listed=f"{_LISTED:,}")
        table.caption_justify = "left"
    return table
