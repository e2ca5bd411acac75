"""The ladder between client and server: a row a segment, sequence numbers from 0, states where they change."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache

from rich.text import Text

from netviz.model.protocols import ACK, FIN, SYN, flags_text
from netviz.pipeline.lines import packet_line
from netviz.tcp.connection import Connection, Opening, Role, Segment, Transition
from netviz.tui.cells import beside, centred, fit
from netviz.tui.draw.connection_rows import state_style
from netviz.tui.draw.line import Target
from netviz.tui.scene import Scene

_MASK = 0xFFFFFFFF


def chosen_connection(scene: Scene) -> Connection | None:
    """The connection looked at, where it had appeared by the present position."""
    chosen = scene.choice.connection
    if chosen is None or chosen >= scene.store.connection_count():
        return None
    connection = scene.store.connection(chosen)
    return connection if connection.first_packet <= scene.moment.as_of else None


@lru_cache(maxsize=4)
def _segments(store: object, connection: int, version: int) -> Sequence[Segment]:
    found: Sequence[Segment] = store.segments(connection)  # type: ignore[attr-defined]
    return found


def segments_until(scene: Scene, connection: Connection) -> tuple[Sequence[Segment], int]:
    """All segments of a connection, and how many of them had come by the present position."""
    segments = _segments(scene.store, connection.id, scene.version)
    return segments, bisect_right(segments, scene.moment.as_of, key=lambda segment: segment.packet)


def numbered(scene: Scene, number: int, first: int | None) -> int:
    """A sequence number as it is shown: counted from the connection's first, or as in the header where that is wanted
    or the first is not known."""
    return number if scene.absolute or first is None else (number - first) & _MASK


def other(role: Role) -> Role:
    """The other end."""
    return "server" if role == "client" else "client"


def steps_of(connection: Connection) -> dict[int, str]:
    """Packet number -> its step of the opening or the close: `1/3`, `4/4`; both of a packet that is two."""
    names: dict[int, list[str]] = {}
    handshake, close = connection.handshake, connection.close_steps
    for number, packet in enumerate((handshake.syn, handshake.syn_ack, handshake.ack), 1):
        # A simultaneous open has four segments: which of them is step 2 of 3 would be made up.
        if packet is not None and connection.opening is not Opening.SIMULTANEOUS:
            names.setdefault(packet, []).append(f"{number}/3")
    for number, packet in enumerate((close.fin_1, close.ack_1, close.fin_2, close.ack_2), 1):
        if packet is not None:
            names.setdefault(packet, []).append(f"{number}/4")
    return {packet: "+".join(found) for packet, found in names.items()}


class SequenceRows:
    """The segments of the chosen connection."""

    def count(self, scene: Scene) -> int:
        """Segments up to the present position."""
        connection = chosen_connection(scene)
        return segments_until(scene, connection)[1] if connection is not None else 0

    def head(self, scene: Scene, width: int) -> list[Text]:
        """Both ends, and the states they begin in."""
        connection = chosen_connection(scene)
        if connection is None:
            return []
        guess = f" ({scene.say('inferred')})" if connection.client_is_inferred else ""
        left = Text(f" {scene.say('role.client')} {connection.client}{guess}", style=scene.palette.plain(True))
        tail = Text(f"{connection.server} {scene.say('role.server')} ", style=scene.palette.plain(True))
        side, middle = measures(width)
        faint = scene.palette.faint()
        states = Text(no_wrap=True, end="")
        states.append(fit(f" {connection.initial_states['client'].value}", side), faint)
        states.append(scene.glyphs.down + " " * middle + scene.glyphs.down, faint)
        states.append(fit(f" {connection.initial_states['server'].value}", side), faint)
        return [beside(left, tail, width), states]

    def row(self, scene: Scene, index: int, width: int) -> Text:
        """One segment: an arrow in its direction, what it says, and the states it leads to."""
        connection = chosen_connection(scene)
        if connection is None:
            return Text("")
        segment = segments_until(scene, connection)[0][index]
        role = connection.role_of(segment.side)
        side, middle = measures(width)
        colour = self._colour(scene, segment)
        text = Text(no_wrap=True, end="")
        text.append_text(_state(scene, connection, "client", segment.packet, side))
        text.append(scene.glyphs.down, scene.palette.faint())
        text.append(_arrow(scene, connection, segment, role, middle), scene.palette.ink(colour, True))
        text.append(scene.glyphs.down, scene.palette.faint())
        text.append_text(_state(scene, connection, "server", segment.packet, side))
        return text

    def _colour(self, scene: Scene, segment: Segment) -> str:
        if scene.store.analysis(segment.packet - 1):
            return scene.palette.bad
        return (
            scene.layer_colour("HTTP")
            if scene.store.exchange_of(segment.packet - 1) is not None
            else scene.palette.layer(4)
        )

    def colour(self, scene: Scene, index: int) -> str:
        """The colour its arrow has."""
        connection = chosen_connection(scene)
        return (
            self._colour(scene, segments_until(scene, connection)[0][index])
            if connection is not None
            else scene.palette.text
        )

    def current(self, scene: Scene) -> int | None:
        """The segment in the selected packet."""
        connection = chosen_connection(scene)
        if connection is None:
            return None
        segments, count = segments_until(scene, connection)
        at = bisect_right(segments, scene.moment.selected, key=lambda segment: segment.packet) - 1
        return at if 0 <= at < count and segments[at].packet == scene.moment.selected else None

    def target(self, scene: Scene, index: int) -> Target | None:
        """Selecting a segment's packet."""
        connection = chosen_connection(scene)
        return Target(segments_until(scene, connection)[0][index].packet) if connection is not None else None

    def empty(self, scene: Scene) -> str:
        """No connection is looked at."""
        return scene.say("empty.sequence")


def measures(width: int) -> tuple[int, int]:
    """Cells of each margin of a ladder, and between its two lines."""
    side = 13 if width < 78 else 15
    return side, max(width - 2 * side - 2, 10)


def transitions_at(connection: Connection, packet: int) -> list[Transition]:
    """The steps that both endpoints' machines make at a packet."""
    steps = connection.transitions
    first = bisect_left(steps, packet, key=lambda step: step.packet)
    return steps[first : bisect_right(steps, packet, key=lambda step: step.packet)]


def _state(scene: Scene, connection: Connection, role: Role, packet: int, side: int) -> Text:
    """The state an endpoint enters with this packet; empty where it stays."""
    steps = [step for step in transitions_at(connection, packet) if step.endpoint == role]
    if not steps:
        return Text(" " * side)
    last = steps[-1]
    if last.illegal:
        return Text(fit(f" {scene.glyphs.bad} {last.event}", side), style=scene.palette.ink(scene.palette.bad, True))
    return Text(fit(f" {last.to_state.value}", side), style=state_style(scene, last.to_state.value))


def segment_label(scene: Scene, connection: Connection, segment: Segment) -> str:
    """`1/3 SYN seq=0`, or what HTTP says in it."""
    role = connection.role_of(segment.side)
    seq = numbered(scene, segment.seq, connection.first_seq.get(role))
    parts = [flags_text(segment.flags) or "-"]
    step = steps_of(connection).get(segment.packet)
    if step:
        parts.insert(0, f"{scene.glyphs.bullet}{step}{scene.glyphs.bullet}")
    parts.append(f"seq={seq}")
    if segment.flags & ACK:
        parts.append(f"ack={numbered(scene, segment.ack, connection.first_seq.get(other(role)))}")
    if segment.length:
        parts.append(f"{segment.length}B")
    return " ".join(parts)


def _arrow(scene: Scene, connection: Connection, segment: Segment, role: Role, middle: int) -> str:
    label = segment_label(scene, connection, segment)
    if segment.length and not segment.flags & (SYN | FIN):
        line = packet_line(scene.store, segment.packet - 1)
        if line.protocol != "TCP" and line.info and not line.info[0].isdigit():
            label = f"{line.info}  {segment.length}B"
    finding = scene.store.analysis(segment.packet - 1)
    if finding:
        label = f"{scene.word(f'tcp.analysis.{finding[0]}', finding[0])} {scene.glyphs.bullet} {label}"
    number = f"#{segment.packet} "
    room = middle - 6 - len(number)
    label = fit(label, room, scene.glyphs.ellipsis).rstrip() if len(label) > room else label
    body = centred(f" {number}{label} ", middle - 2)
    across = scene.glyphs.across
    lead = len(body) - len(body.lstrip(" "))
    tail = len(body) - len(body.rstrip(" "))
    drawn = (
        across * max(lead - 1, 0)
        + " " * min(lead, 1)
        + body.strip(" ")
        + " " * min(tail, 1)
        + across * max(tail - 1, 0)
    )
    return fit(
        f"{across}{drawn}{scene.glyphs.right}" if role == "client" else f"{scene.glyphs.left}{drawn}{across}", middle
    )
