"""What is often told wrong about TCP, found where a connection shows what is right. Facts with packets; no language.

`KINDS` names every error; `corrections` gives each once, at the first packet of the connection that proves what is
right. The sentences, what is told and what holds, are `wrong.<kind>` in `explain/`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.tcp.arithmetic import MASK
from netviz.tcp.connection import Closing, Connection, Opening, Role, Segment
from netviz.tcp.states import State
from netviz.wire.options import tcp_options

LOOKED_AT: Final = 2000
"""Segments of a connection among which what is right is looked for."""


class Correction(NamedTuple):
    """One error, and the packet here that shows what is right."""

    kind: str
    packet: int
    role: Role
    """The endpoint that the sentence is about."""

    details: dict[str, int]
    """Numbers of the sentence, by their placeholders."""


Finder = Callable[[Connection, Sequence[Segment]], Iterator[Correction]]


def corrections(connection: Connection, segments: Sequence[Segment]) -> list[Correction]:
    """All that a connection can show, in the order of the packets. `segments`: its first ones, in order."""
    looked_at = list(segments[:LOOKED_AT])
    found = [each for find in _FINDERS for each in find(connection, looked_at)]
    return sorted(found, key=lambda each: (each.packet, KINDS.index(each.kind)))


def _other(role: Role) -> Role:
    return "server" if role == "client" else "client"


def _handshake(connection: Connection, segments: Sequence[Segment]) -> Iterator[Correction]:
    steps = connection.handshake
    if connection.opening is Opening.SIMULTANEOUS and steps.syn is not None:
        both = [segment.packet for segment in segments if segment.flags & (SYN | ACK) == SYN]
        if len(both) > 1:
            yield Correction("one-side-opens", both[1], "server", {"first": both[0]})
    if steps.syn_ack is not None and connection.opening in (Opening.THREE_WAY, Opening.FAST_OPEN):
        yield Correction("syn-ack-two-segments", steps.syn_ack, "server", {})
        if steps.ack is not None:
            yield Correction("open-only-at-the-end", steps.syn_ack, "client", {"last": steps.ack})
    if steps.ack is not None:
        third = next((segment for segment in segments if segment.packet == steps.ack), None)
        if third is not None and not third.length and not third.flags & (SYN | FIN):
            number = third.seq - (connection.first_seq.get("client") or 0) & MASK
            own = [each for each in segments if each.side == third.side and each.length and each.packet > third.packet]
            if own and own[0].seq == third.seq:
                yield Correction("ack-takes-a-number", steps.ack, "client", {"seq": number, "last": own[0].packet})
    if connection.opening is Opening.REFUSED:
        reset = next((segment.packet for segment in segments if segment.flags & RST), None)
        if reset is not None:
            yield Correction("silence-is-refusal", reset, "server", {})


def _window(connection: Connection, segments: Sequence[Segment]) -> Iterator[Correction]:
    """The factor needs both SYNs, and the first header after them shows it."""
    scales: dict[Role, int | None] = {}
    for segment in segments:
        role = connection.role_of(segment.side)
        if segment.flags & SYN:
            scales[role] = tcp_options(segment.options).window_scale
        elif len(scales) == 2 and None not in scales.values() and not segment.flags & RST:
            shift = scales[role] or 0
            if shift:
                numbers = {"value": segment.window, "factor": 1 << shift, "window": segment.window << shift}
                yield Correction("window-as-it-stands", segment.packet, role, numbers)
                return


def _states(connection: Connection, segments: Sequence[Segment]) -> Iterator[Correction]:
    seen: set[str] = set()
    for step in connection.transitions:
        kind = _BY_STEP.get((step.from_state, step.to_state))
        if kind is not None and kind not in seen and not step.illegal:
            seen.add(kind)
            yield Correction(kind, step.packet, step.endpoint, {})


_BY_STEP: Final = {
    (State.LISTEN, State.SYN_RECEIVED): "server-was-closed",
    (State.ESTABLISHED, State.CLOSE_WAIT): "passive-closer-time-wait",
    (State.LAST_ACK, State.CLOSED): "both-time-wait",
    (State.FIN_WAIT_2, State.TIME_WAIT): "time-wait-for-data",
    (State.CLOSING, State.TIME_WAIT): "time-wait-for-data",
    (State.FIN_WAIT_1, State.CLOSING): "one-side-closes",
}


def _arithmetic(connection: Connection, segments: Sequence[Segment]) -> Iterator[Correction]:
    """The first acknowledgement that goes further by more than one byte, of data that the capture has."""
    acked: dict[int, int] = {}
    ends: dict[int, int] = {}
    for segment in segments:
        if segment.flags & RST:
            continue
        before = acked.get(segment.side)
        if segment.flags & ACK:
            gained = segment.ack - before & MASK if before is not None else 0
            if 1 < gained < 1 << 30 and ends.get(1 - segment.side) == segment.ack:
                first = connection.first_seq.get(_other(connection.role_of(segment.side))) or 0
                numbers = {"ack": segment.ack - first & MASK, "before": (before or 0) - first & MASK, "bytes": gained}
                yield Correction("ack-is-seq-plus-one", segment.packet, connection.role_of(segment.side), numbers)
                return
            acked[segment.side] = segment.ack
        if segment.length and not segment.flags & FIN:
            ends[segment.side] = segment.seq + segment.length + bool(segment.flags & SYN) & MASK


def _close(connection: Connection, segments: Sequence[Segment]) -> Iterator[Correction]:
    steps = connection.close_steps
    if steps.fin_1 is None:
        return
    fin = next((segment for segment in segments if segment.packet == steps.fin_1), None)
    if fin is not None and fin.flags & ACK:
        yield Correction("fin-alone", steps.fin_1, connection.role_of(fin.side), {})
    if steps.active_closer == "server":
        yield Correction("client-closes", steps.fin_1, "server", {})
    if connection.closing is Closing.THREE_SEGMENT and steps.ack_1 is not None and steps.active_closer is not None:
        yield Correction("four-segments", steps.ack_1, _other(steps.active_closer), {})
    if fin is None or steps.ack_1 is None:
        return
    stop = steps.fin_2 or connection.last_packet + 1
    for segment in segments:
        if segment.side != fin.side and segment.length and steps.fin_1 < segment.packet < stop:
            role = connection.role_of(segment.side)
            yield Correction("fin-ends-both-ways", segment.packet, role, {"bytes": segment.length, "fin": steps.fin_1})
            return


def _resets(connection: Connection, segments: Sequence[Segment]) -> Iterator[Correction]:
    for step in connection.transitions:
        was_open = step.from_state not in (State.CLOSED, State.LISTEN, State.SYN_SENT)
        if step.event == "SEND_RST" and was_open and not step.illegal:
            yield Correction("always-closed-by-fin", step.packet, step.endpoint, {})
            return


_BY_MARK: Final = (
    ("retransmission", "lost-packet-again"),
    ("keep-alive", "keep-alive-of-http"),
    ("zero-window", "full-window-is-congestion"),
)


def _marks(connection: Connection, segments: Sequence[Segment]) -> Iterator[Correction]:
    for name, kind in _BY_MARK:
        sides = connection.analysis.get(name, {})
        first = min(((packets[0], role) for role, packets in sides.items() if packets), default=None)
        if first is not None:
            yield Correction(kind, first[0], first[1], {})


def _duplicates(connection: Connection, segments: Sequence[Segment]) -> Iterator[Correction]:
    """A fast retransmission that three duplicates or more came before; one begun otherwise (by SACK) proves nothing."""
    for role, packets in connection.analysis.get("fast-retransmission", {}).items():
        heard = connection.analysis.get("duplicate-ack", {}).get(_other(role), [])
        for packet in packets:
            count = sum(each < packet for each in heard)
            if count >= _DUPLICATES:
                yield Correction("three-acknowledgements", packet, role, {"count": count})
                return


_DUPLICATES: Final = 3
"""RFC 5681 section 3.2."""

_FINDERS: Final[tuple[Finder, ...]] = (_states, _handshake, _window, _arithmetic, _close, _resets, _marks, _duplicates)

KINDS: Final = (
    "server-was-closed", "one-side-opens", "syn-ack-two-segments", "open-only-at-the-end", "ack-takes-a-number",
    "silence-is-refusal", "window-as-it-stands", "ack-is-seq-plus-one", "fin-alone", "client-closes",
    "passive-closer-time-wait", "four-segments", "fin-ends-both-ways", "one-side-closes", "both-time-wait",
    "time-wait-for-data", "always-closed-by-fin", "lost-packet-again", "three-acknowledgements", "keep-alive-of-http",
    "full-window-is-congestion",
)  # fmt: skip
"""Every error, in the order in which a connection meets them."""
