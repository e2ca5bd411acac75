"""What is measured of a connection, said line by line, each with the packet that shows it. Knows no screen."""

from typing import Final

from netviz.explain.notes import Note, note, numbers, seconds, title
from netviz.explain.words import Language, say
from netviz.model.evidence import Evidence
from netviz.pipeline.connection_depth import ConnectionDepth
from netviz.tcp.connection import Role
from netviz.tcp.measures import Measures
from netviz.tcp.sent_again import Reason, SentAgain

COMPLETENESS: Final = ((1, "SYN"), (2, "SYN,ACK"), (4, "ACK"), (8, "data"), (16, "FIN"), (32, "RST"))
"""Bits of tshark's `tcp.completeness`."""

_MOST_LINES: Final = 12


def connection_notes(found: ConnectionDepth, language: Language) -> list[Note]:
    """What holds for both directions."""
    connection = found.connection
    handshake = connection.handshake
    notes = [title("depth.title", language)]
    if handshake.rtt is not None and handshake.ack is not None:
        steps = numbers([each for each in (handshake.syn, handshake.syn_ack, handshake.ack) if each is not None])
        time = seconds(handshake.rtt)
        notes.append(note("depth.handshake", language, at=Evidence(handshake.ack), steps=steps, time=time))
    if found.is_scaled is not None:
        notes.append(note("depth.scaled" if found.is_scaled else "depth.not-scaled", language))
    shown = " ".join(name for bit, name in COMPLETENESS if connection.completeness & bit)
    notes.append(note("depth.completeness", language, mask=connection.completeness, shown=shown))
    meaning = say(f"depth.zeek.{connection.conn_state}", language)
    notes.append(note("depth.zeek", language, state=connection.conn_state, meaning=meaning, history=connection.history))
    return notes


def role_notes(found: ConnectionDepth, role: Role, language: Language) -> list[Note]:
    """What is measured of what one side sent."""
    own = found.measures[role]
    connection = found.connection
    ends = (connection.client, connection.server)
    one, other = ends if role == "client" else ends[::-1]
    notes = [title(f"depth.from-{role}", language, one=one, other=other)]
    notes += _offers(own, language)
    notes.append(
        note(
            "depth.data", language, segments=f"{own.data_segments:,}", bytes=f"{connection.bytes[role]:,}",
            repeated=f"{own.repeated:,}",
        )
    )  # fmt: skip
    notes += _times(own, language)
    notes += _windows(own, language)
    notes += _acks(own, language)
    for each in found.sent_again[role][:_MOST_LINES]:
        notes.append(_again(each, language))
    left = len(found.sent_again[role]) - _MOST_LINES
    if left > 0:
        notes.append(note("depth.more", language, "faint", count=f"{left:,}"))
    for closed in found.closed[role]:
        at = Evidence(closed.closed)
        probes = numbers(closed.probes) or "–"
        if closed.opened is None or closed.nanoseconds is None:
            notes.append(note("depth.stays-closed", language, "warn", at, packet=closed.closed, probes=probes))
            continue
        time = seconds(closed.nanoseconds / 1e9)
        notes.append(
            note(
                "depth.closed",
                language,
                "warn",
                at,
                packet=closed.closed,
                opened=closed.opened,
                time=time,
                probes=probes,
            )
        )
    return notes


def _offers(own: Measures, language: Language) -> list[Note]:
    if own.options is None:
        return [note("depth.no-syn", language, "faint")]
    options = own.options
    yes, no = say("depth.yes", language), say("depth.no", language)
    scale = no if options.window_scale is None else f"{options.window_scale} (×{1 << options.window_scale})"
    return [
        note(
            "depth.offers", language, isn=own.isn, mss="–" if options.mss is None else options.mss, scale=scale,
            sack=yes if options.sack_permitted else no, times=yes if options.timestamps is not None else no,
        )
    ]  # fmt: skip


def _times(own: Measures, language: Language) -> list[Note]:
    notes = []
    if own.rtt is not None:
        rtt = own.rtt
        least, median, greatest, estimated, deviation, timeout = (
            seconds(each / 1e9)
            for each in (rtt.least, rtt.median, rtt.greatest, rtt.estimated, rtt.deviation, rtt.timeout)
        )
        notes.append(
            note(
                "depth.rtt", language, at=Evidence(rtt.greatest_packet), count=f"{rtt.samples:,}", least=least,
                least_packet=rtt.least_packet, median=median, greatest=greatest, greatest_packet=rtt.greatest_packet,
            )
        )  # fmt: skip
        notes.append(note("depth.estimated", language, estimated=estimated, deviation=deviation, timeout=timeout))
    if own.throughput is not None:
        told = own.throughput
        rate = _rate(told.payload * 8e9 / told.nanoseconds)
        notes.append(
            note(
                "depth.throughput", language, at=Evidence(told.last), bytes=f"{told.payload:,}", rate=rate,
                time=seconds(told.nanoseconds / 1e9), first=told.first, last=told.last,
            )
        )  # fmt: skip
    return notes


def _rate(bits: float) -> str:
    for size, unit in ((1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s")):
        if bits >= size:
            return f"{bits / size:.2f} {unit}"
    return f"{bits:.0f} bit/s"


def _windows(own: Measures, language: Language) -> list[Note]:
    notes = []
    if own.in_flight is not None:
        at = Evidence(own.in_flight.packet)
        notes.append(note("depth.in-flight", language, at=at, bytes=f"{own.in_flight.value:,}", packet=at.packet))
    if own.least_window is not None and own.greatest_window is not None:
        at = Evidence(own.least_window.packet)
        notes.append(
            note(
                "depth.window", language, at=at, least=f"{own.least_window.value:,}", packet=at.packet,
                greatest=f"{own.greatest_window.value:,}", greatest_packet=own.greatest_window.packet,
            )
        )  # fmt: skip
    return notes


def _acks(own: Measures, language: Language) -> list[Note]:
    acks = own.acks
    if not acks.acks:
        return []
    size, times, packet = acks.sizes[0]
    notes = [
        note(
            "depth.acks", language, at=Evidence(packet), count=f"{acks.acks:,}", bytes=f"{size:,}", times=f"{times:,}",
            packet=packet,
        )
    ]  # fmt: skip
    notes.append(
        note(
            "depth.delayed", language, one=f"{acks.of_one:,}", two=f"{acks.of_two:,}", more=f"{acks.of_more:,}"
        )
    )  # fmt: skip
    return notes


def sent_again_text(each: SentAgain, language: Language) -> str:
    """Why a segment was sent again, in one sentence with its packets."""
    return say(
        f"sent-again.{each.reason.value}",
        language,
        packet=each.packet,
        waited="?" if each.waited is None else seconds(each.waited / 1e9),
        before="?" if each.before is None else f"#{each.before}",
        attempt=each.attempt,
        ratio="?" if each.ratio is None else f"{each.ratio:.1f}",
    )


def _again(each: SentAgain, language: Language) -> Note:
    asks = each.reason in (Reason.KEEP_ALIVE, Reason.WINDOW_PROBE)
    return Note(sent_again_text(each, language), "plain" if asks else "warn", Evidence(each.packet), 1)
