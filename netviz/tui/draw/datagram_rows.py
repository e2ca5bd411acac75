"""The ladder of a UDP conversation: a row a datagram, with its time and which one it answers. No state on either side.

An ICMP error about one of them has a row of its own, drawn with dots: it is another packet, of the network.
"""

from rich.text import Text

from netviz.explain.datagram_notes import is_guess
from netviz.pipeline.datagrams import Datagram, UdpConversation
from netviz.pipeline.icmp_names import icmp_name
from netviz.pipeline.lines import packet_line
from netviz.tui.cells import beside, centred, fit, right
from netviz.tui.draw.line import Target
from netviz.tui.draw.plot import measure
from netviz.tui.draw.sequence import SequenceRows, measures
from netviz.tui.scene import Scene


def chosen_conversation(scene: Scene) -> UdpConversation | None:
    """The UDP conversation looked at, where it had appeared by the present position."""
    chosen = scene.choice.conversation
    if chosen is None or chosen >= scene.store.datagrams.count(scene.moment.as_of):
        return None
    return scene.store.datagrams.conversation(chosen)


class DatagramRows:
    """The datagrams of the chosen conversation, and the ICMP errors about them."""

    def count(self, scene: Scene) -> int:
        """Rows up to the present position."""
        found = chosen_conversation(scene)
        return found.upto(scene.moment.as_of) if found is not None else 0

    def head(self, scene: Scene, width: int) -> list[Text]:
        """Both ends, and that neither has a state."""
        found = chosen_conversation(scene)
        if found is None:
            return []
        plain, faint = scene.palette.plain(True), scene.palette.faint()
        side, middle = measures(width)
        states = Text(no_wrap=True, end="")
        states.append(fit(f" {scene.word('udp.short', '')}", side), faint)
        states.append(scene.glyphs.down + " " * middle + scene.glyphs.down, faint)
        states.append(fit(f" {scene.word('udp.short', '')}", side), faint)
        return [beside(Text(f" {found.one}", style=plain), Text(f"{found.other} ", style=plain), width), states]

    def row(self, scene: Scene, index: int, width: int) -> Text:
        """One datagram: when it was sent, an arrow in its direction, what it says, what it has to do with others."""
        found = chosen_conversation(scene)
        if found is None:
            return Text("")
        row = int(found.entries[index])
        side, middle = measures(width)
        packets, palette, glyphs = scene.store.packets, scene.palette, scene.glyphs
        elapsed = (packets.value("time", row) - packets.value("time", int(found.entries[0]))) / 1e9
        is_error = packets.value("ip_protocol", row) != _UDP
        text = Text(no_wrap=True, end="")
        text.append(right(f"+{_after(scene, elapsed)} ", side), palette.faint())
        text.append(glyphs.down, palette.faint())
        arrow = _error_arrow(scene, row, middle) if is_error else _arrow(scene, row, middle)
        text.append(arrow, palette.ink(self.colour(scene, index), True))
        text.append(glyphs.down, palette.faint())
        note = (
            _about(scene, row)
            if is_error
            else _note(scene, scene.store.datagrams.datagram(found, row, scene.moment.as_of))
        )
        text.append(fit(f" {note}", side, glyphs.ellipsis), palette.plain())
        return text

    def colour(self, scene: Scene, index: int) -> str:
        """The colour its arrow has: what the datagram carries, or that it was refused."""
        found = chosen_conversation(scene)
        if found is None:
            return scene.palette.text
        row = int(found.entries[index])
        if scene.store.packets.value("ip_protocol", row) != _UDP:
            return scene.palette.bad
        return scene.layer_colour(packet_line(scene.store, row).protocol)

    def current(self, scene: Scene) -> int | None:
        """The row of the selected packet."""
        found = chosen_conversation(scene)
        if found is None:
            return None
        at = found.upto(scene.moment.selected) - 1
        here = 0 <= at < self.count(scene) and int(found.entries[at]) + 1 == scene.moment.selected
        return at if here else None

    def target(self, scene: Scene, index: int) -> Target | None:
        """Selecting a datagram's packet."""
        found = chosen_conversation(scene)
        return Target(int(found.entries[index]) + 1) if found is not None else None

    def empty(self, scene: Scene) -> str:
        """Nothing is looked at."""
        return scene.say("empty.sequence")


_UDP = 17


class LadderRows:
    """The ladder of what is looked at: the segments of a connection, or the datagrams of a conversation."""

    def __init__(self) -> None:
        self._segments = SequenceRows()
        self._datagrams = DatagramRows()

    def _rows(self, scene: Scene) -> SequenceRows | DatagramRows:
        return self._segments if chosen_conversation(scene) is None else self._datagrams

    def count(self, scene: Scene) -> int:
        """Rows up to the present position."""
        return self._rows(scene).count(scene)

    def head(self, scene: Scene, width: int) -> list[Text]:
        """Both ends."""
        return self._rows(scene).head(scene, width)

    def row(self, scene: Scene, index: int, width: int) -> Text:
        """One segment or datagram."""
        return self._rows(scene).row(scene, index, width)

    def colour(self, scene: Scene, index: int) -> str:
        """The colour its arrow has."""
        return self._rows(scene).colour(scene, index)

    def current(self, scene: Scene) -> int | None:
        """The row of the selected packet."""
        return self._rows(scene).current(scene)

    def target(self, scene: Scene, index: int) -> Target | None:
        """Selecting its packet."""
        return self._rows(scene).target(scene, index)

    def empty(self, scene: Scene) -> str:
        """Nothing is looked at."""
        return self._rows(scene).empty(scene)


def _after(scene: Scene, elapsed: float) -> str:
    return measure(elapsed, "s", scene.glyphs.name == "ascii") if elapsed else "0 s"


def _note(scene: Scene, found: Datagram) -> str:
    """What a datagram has to do with others, in few cells."""
    pair = found.pair
    if found.refused is not None:
        return f"{scene.glyphs.bad} {scene.say('udp.refused', packet=found.refused)}"
    if pair is None:
        return ""
    if pair.is_reply:
        if pair.answers is None:
            return ""
        return scene.say("udp.guess" if is_guess(pair) else "udp.answers", packet=pair.answers)
    return scene.say("udp.again", packet=pair.asked_before) if pair.asked_before is not None else ""


def _about(scene: Scene, row: int) -> str:
    quoted = scene.store.datagrams.quoted(row + 1)
    return scene.say("udp.about", packet=quoted) if quoted is not None else ""


def _arrow(scene: Scene, row: int, middle: int) -> str:
    line = packet_line(scene.store, row)
    info = line.info if not line.info[:1].isdigit() else ""
    label = f"{info}  {scene.store.packets.value('payload_length', row)}B".strip()
    return drawn_arrow(
        scene, f"#{row + 1} ", label, scene.store.packets.value("side", row), middle, scene.glyphs.across
    )


def _error_arrow(scene: Scene, row: int, middle: int) -> str:
    """An error goes to who sent the datagram; in the middle, for it may come from a router between the two."""
    quoted = scene.store.datagrams.quoted(row + 1)
    sender = scene.store.packets.value("side", quoted - 1) if quoted is not None else 0
    label = f"ICMP {icmp_name(scene.store.packets, row)}"
    return drawn_arrow(scene, f"#{row + 1} ", label, 1 - sender, middle, scene.glyphs.dot)


def drawn_arrow(scene: Scene, number: str, label: str, side: int, middle: int, across: str) -> str:
    """An arrow over `middle` cells from side 0 on the left, or back, with words in its middle."""
    room = middle - 6 - len(number)
    label = fit(label, room, scene.glyphs.ellipsis).rstrip()
    words = f" {number}{label} "
    body = centred(words, middle - 2)
    lead = len(body) - len(body.lstrip(" ")) - 1
    tail = len(body) - len(body.rstrip(" ")) - 1
    drawn = across * max(lead, 0) + f" {body.strip(' ')} " + across * max(tail, 0)
    return fit(f"{across}{drawn}{scene.glyphs.right}" if side == 0 else f"{scene.glyphs.left}{drawn}{across}", middle)
