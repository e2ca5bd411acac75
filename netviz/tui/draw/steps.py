"""What the current segment means for its connection: its sums, and where the opening and the close are."""

from bisect import bisect_right
from functools import lru_cache

from rich.text import Text

from netviz.explain.connection_notes import sent_again_text
from netviz.explain.tcp_notes import Wrong, step_notes, transition_notes, wrong_notes
from netviz.explain.words import Language
from netviz.model.protocols import ACK, FIN, SYN, flags_text
from netviz.pipeline.store import Store
from netviz.tcp.connection import Closing, Connection, Opening, Segment
from netviz.tcp.sent_again import SentAgain, sent_again
from netviz.tui.cells import wrapped
from netviz.tui.draw.line import Line, Link, plain
from netviz.tui.draw.sequence import chosen_connection, numbered, other, segments_until
from netviz.tui.scene import Scene

_MASK = 0xFFFFFFFF
_AGAIN = frozenset({"retransmission", "zero-window-probe", "keep-alive"})


def step_lines(scene: Scene, width: int, height: int) -> list[Line]:
    """The current packet's sums, the three steps of the opening, the four of the close."""
    connection = chosen_connection(scene)
    if connection is None:
        return [plain(scene.say("empty.sequence"), scene.palette.faint())]
    lines = _arithmetic(scene, connection, width)
    lines.append(plain(""))
    lines.extend(_opening(scene, connection, width))
    lines.extend(_closing(scene, connection, width))
    if connection.bytes["client"] or connection.bytes["server"]:
        lines.append(plain(""))
        volume = scene.say("steps.bytes", client=connection.bytes["client"], server=connection.bytes["server"])
        if connection.last_packet <= scene.moment.as_of:
            lines.extend(plain(f" {text}", scene.palette.faint()) for text in wrapped(volume, width - 2))
    return lines


def _current(scene: Scene, connection: Connection) -> Segment | None:
    segments, count = segments_until(scene, connection)
    at = bisect_right(segments, scene.moment.selected, key=lambda segment: segment.packet) - 1
    return segments[at] if 0 <= at < count and segments[at].packet == scene.moment.selected else None


def _arithmetic(scene: Scene, connection: Connection, width: int) -> list[Line]:
    segment = _current(scene, connection)
    if segment is None:
        return [plain(f" {text}", scene.palette.faint()) for text in wrapped(scene.say("steps.elsewhere"), width - 2)]
    role = connection.role_of(segment.side)
    seq = numbered(scene, segment.seq, connection.first_seq.get(role))
    parts = [str(seq)]
    if segment.length:
        parts.append(scene.say("steps.data", bytes=segment.length))
    parts.extend(f"1 ({name})" for flag, name in ((SYN, "SYN"), (FIN, "FIN")) if segment.flags & flag)
    after = (seq + segment.length + bool(segment.flags & SYN) + bool(segment.flags & FIN)) & _MASK
    title = scene.say("steps.sends", role=scene.say(f"role.{role}"), flags=flags_text(segment.flags) or "-")
    lines = [
        Line(Text(f" #{segment.packet} {title}", style=scene.palette.ink(scene.palette.layer(4), True)), None, "now")
    ]
    sums = [
        scene.say("steps.next", sum=" + ".join(parts), next=after)
        if len(parts) > 1
        else scene.say("steps.same", seq=seq)
    ]
    if segment.flags & ACK:
        ack = numbered(scene, segment.ack, connection.first_seq.get(other(role)))
        sums.append(
            scene.say(
                "steps.ack",
                role=scene.say(f"role.{role}"),
                other=scene.say(f"role.{other(role)}"),
                ack=ack,
                last=(ack - 1) & _MASK if ack else 0,
            )
        )
    window = scene.store.window(segment.packet - 1)
    scale = window // segment.window if segment.window else 1
    key = "steps.window" if scale == 1 else "steps.window-scaled"
    sums.append(scene.say(key, window=window, raw=segment.window, scale=scale))
    sums.extend(transition_notes(connection, segment.packet, scene.language))
    analysis = scene.store.analysis(segment.packet - 1)
    for found in analysis:
        name = scene.word(f"tcp.analysis.{found}", found)
        sums.append(scene.word(f"tcp.analysis.{found}.meaning", name, packet=segment.packet))
    if _AGAIN.intersection(analysis):
        again = _sent_again(scene.store, connection.id, scene.version).get(segment.packet)
        sums += [] if again is None else [sent_again_text(again, scene.language)]
    sums.extend(step_notes(connection, segment, scene.language))
    for text in sums:
        lines.extend(plain(f" {line}", scene.palette.plain()) for line in wrapped(text, width - 2, "  "))
    return [*lines, *_wrong(scene, connection, segment.packet, width)]


def _wrong(scene: Scene, connection: Connection, packet: int, width: int) -> list[Line]:
    """What study notes often tell wrong, where this packet is the first of the connection that shows what is right."""
    lines: list[Line] = []
    for wrong in _wrongs(scene, connection):
        if wrong.packet == packet and wrong.known <= scene.moment.as_of:
            told = f"{scene.glyphs.bad} {scene.say('steps.told', told=wrong.told)}"
            lines.extend(plain(f" {line}", scene.palette.faint()) for line in wrapped(told, width - 2, "   "))
            right = f"{scene.glyphs.good} {wrong.right}"
            ink = scene.palette.ink(scene.palette.good, True)
            lines.extend(plain(f" {line}", ink) for line in wrapped(right, width - 2, "   "))
    return lines


@lru_cache(maxsize=4)
def _sent_again(store: Store, connection: int, version: int) -> dict[int, SentAgain]:
    """Packet -> why it was sent again."""
    one, other_side = store.series(connection).directions
    return {each.packet: each for each in (*sent_again(one, other_side), *sent_again(other_side, one))}


def _wrongs(scene: Scene, connection: Connection) -> list[Wrong]:
    return _known_wrongs(scene.store, connection.id, connection.packets, scene.language)


@lru_cache(maxsize=8)
def _known_wrongs(store: Store, connection: int, packets: int, language: Language) -> list[Wrong]:
    """Kept by how many packets had come: looking for them goes over the connection's first segments."""
    return wrong_notes(store.connection(connection), store.segments(connection), language)


def _opening(scene: Scene, connection: Connection, width: int) -> list[Line]:
    title = scene.word(f"tcp.opening.{connection.opening}", connection.opening.value)
    lines = [_heading(scene, f" {scene.say('steps.opening')} {scene.glyphs.bullet} {title}")]
    handshake = connection.handshake
    if connection.opening is Opening.SIMULTANEOUS:
        return [*lines, *_crossed(scene, connection)]
    packets = ((1, "SYN", handshake.syn), (2, "SYN,ACK", handshake.syn_ack), (3, "ACK", handshake.ack))
    lines.extend(_step(scene, number, 3, name, packet) for number, name, packet in packets)
    if handshake.rtt is not None and handshake.ack is not None and handshake.ack <= scene.moment.as_of:
        told = scene.say("steps.rtt", ms=f"{handshake.rtt * 1000:.3f}")
        lines.extend(plain(f"   {text}", scene.palette.faint()) for text in wrapped(told, width - 4))
    return lines


def _crossed(scene: Scene, connection: Connection) -> list[Line]:
    """A simultaneous open: each side's SYN, then each side's SYN,ACK; which of them repeats one is told elsewhere."""
    segments, count = segments_until(scene, connection)
    lines = []
    for segment in segments[: min(count, _CROSSED)]:
        if segment.flags & SYN:
            role = scene.say(f"role.{connection.role_of(segment.side)}")
            text = f"   {scene.glyphs.good} {flags_text(segment.flags):<8} #{segment.packet} {role}"
            ink = scene.palette.ink(scene.palette.good, True)
            lines.append(
                Line(Text(text, style=ink, no_wrap=True, end=""), Link(segment.packet), f"syn-{segment.packet}")
            )
    return lines


_CROSSED = 12
"""First segments of a connection among which its SYNs are."""


def _closing(scene: Scene, connection: Connection, width: int) -> list[Line]:
    close = connection.close_steps
    began = [packet for packet in (close.fin_1, connection.last_packet) if packet is not None]
    known = (
        close.fin_1 is not None and close.fin_1 <= scene.moment.as_of
    ) or connection.last_packet <= scene.moment.as_of
    title = (
        scene.word(f"tcp.closing.{connection.closing}", connection.closing.value)
        if known and began
        else scene.say("steps.not-yet")
    )
    lines = [_heading(scene, f" {scene.say('steps.closing')} {scene.glyphs.bullet} {title}")]
    packets = ((1, "FIN", close.fin_1), (2, "ACK", close.ack_1), (3, "FIN", close.fin_2), (4, "ACK", close.ack_2))
    lines.extend(_step(scene, number, 4, name, packet) for number, name, packet in packets)
    closer = close.active_closer
    one_closes = connection.closing in (Closing.FOUR_WAY, Closing.THREE_SEGMENT)
    if one_closes and closer is not None and close.fin_1 is not None and close.fin_1 <= scene.moment.as_of:
        told = scene.say("steps.active", role=scene.say(f"role.{closer}"), packet=close.fin_1)
        lines.extend(plain(f"   {text}", scene.palette.plain()) for text in wrapped(told, width - 4))
    return lines


def _heading(scene: Scene, text: str) -> Line:
    return plain(text, scene.palette.plain(True))


def _step(scene: Scene, number: int, of: int, name: str, packet: int | None) -> Line:
    seen = packet is not None and packet <= scene.moment.as_of
    sign = scene.glyphs.good if seen else scene.glyphs.dot
    colour = scene.palette.good if seen else scene.palette.dim
    where = f"#{packet}" if seen else scene.say("steps.not-seen")
    text = Text(
        f"   {sign} {number}/{of} {name:<8} {where}", style=scene.palette.ink(colour, seen), no_wrap=True, end=""
    )
    return Line(text, Link(packet) if seen and packet is not None else None, f"{of}-{number}")
