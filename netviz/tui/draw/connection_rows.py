"""The list of TCP connections and UDP conversations, each as it was at the present position."""

import numpy as np
from rich.text import Text

from netviz.model.protocols import PROTOCOL_NAMES
from netviz.pipeline.appearances import KINDS, Appearance, Appearances
from netviz.pipeline.icmp_names import icmp_name
from netviz.tcp.connection import Connection
from netviz.tui.cells import fit, right
from netviz.tui.draw.line import Target
from netviz.tui.scene import Scene
from netviz.tui.shown import Numbers, Shown

_LONG_NAME = 20
"""Cells from which on openings and closes have their whole names."""


class ConnectionRows:
    """What had appeared by the present position: connections, conversations, or both, by their first packet."""

    def __init__(self) -> None:
        self.appearances = Appearances()
        self._matched: tuple[object, ...] = ()
        self._matching: tuple[Numbers, Numbers] = (np.empty(0, np.int64), np.empty(0, np.int64))
        """UDP conversations with a matching packet, and the row of the first one of each."""

    def vary(self, by: int) -> None:
        """TCP and UDP, only TCP, only UDP."""
        self.appearances.kind = KINDS[(KINDS.index(self.appearances.kind) + by) % len(KINDS)]

    def count(self, scene: Scene) -> int:
        """How many."""
        return self.appearances.count(scene.store, scene.moment.as_of) if scene.total else 0

    def found(self, scene: Scene, index: int) -> Appearance:
        """Which connection or conversation stands at a place."""
        return self.appearances.at(scene.store, index)

    def matching(self, scene: Scene) -> Numbers:
        """Places of those of which a packet that matches the display filter has come; only asked where there is one."""
        shown, as_of = scene.shown, scene.moment.as_of
        assert isinstance(shown, Shown)
        conversations, since = self._conversations(scene, shown)
        connections = shown.connections[shown.connections_since < as_of]
        return self.appearances.matching(scene.store, connections, conversations[since < as_of])

    def _conversations(self, scene: Scene, shown: Shown) -> tuple[Numbers, Numbers]:
        key = (shown, scene.version)
        if key != self._matched:
            flows, first = np.unique(scene.store.packets["flow"][shown.rows], return_index=True)
            numbers = [scene.store.datagrams.of_flow(flow) if flow >= 0 else None for flow in flows.tolist()]
            known = [at for at, number in enumerate(numbers) if number is not None]
            found = np.array([numbers[at] for at in known], np.int64)
            self._matching = (found, shown.rows[first[known]] if known else np.empty(0, np.int64))
            self._matched = key
        return self._matching

    def head(self, scene: Scene, width: int) -> list[Text]:
        """Names of the columns."""
        names = [fit(scene.say(f"column.{name}"), cells) for name, cells in _columns(width)]
        return [Text(" " + " ".join(names), style=scene.palette.ink(scene.palette.dim, True), no_wrap=True, end="")]

    def row(self, scene: Scene, index: int, width: int) -> Text:
        """One connection or conversation."""
        found = self.found(scene, index)
        if found.is_udp:
            values = _datagram_values(scene, found.number)
        else:
            values = _values(scene, scene.store.connection(found.number), _shortened(width))
        text = Text(" ", no_wrap=True, end="")
        for name, cells in _columns(width):
            text.append(fit(values[name], cells, scene.glyphs.ellipsis) + " ", _style(scene, found, name, values[name]))
        return text

    def colour(self, scene: Scene, index: int) -> str:
        """The transport layer's colour."""
        return scene.palette.layer(4)

    def current(self, scene: Scene) -> int | None:
        """The connection or conversation looked at."""
        chosen = looked_at(scene)
        place = self.appearances.place(scene.store, chosen) if chosen is not None else None
        return place if place is not None and place < self.count(scene) else None

    def target(self, scene: Scene, index: int) -> Target:
        """Choosing one selects its first packet, unless one of it is selected already."""
        found, row, store = self.found(scene, index), scene.row, scene.store
        if found.is_udp:
            inside = row is not None and store.datagrams.of_row(row) == found.number
            packet = store.datagrams.conversation(found.number).first_packet
            return Target(None if inside else packet, conversation=found.number)
        inside = row is not None and store.connection_of(row) == found.number
        return Target(None if inside else store.connection(found.number).first_packet, connection=found.number)

    def empty(self, scene: Scene) -> str:
        """None yet, or none at all."""
        if not scene.store.finished:
            return scene.say("working.first")
        return scene.say(f"empty.connections-{self.appearances.kind}")


def looked_at(scene: Scene) -> Appearance | None:
    """The UDP conversation that is looked at, else the TCP connection."""
    choice = scene.choice
    if choice.conversation is not None:
        return Appearance(True, choice.conversation)
    return Appearance(False, choice.connection) if choice.connection is not None else None


def name_of(found: Appearance, room: int = 7) -> str:
    """`TCP   0`, in so many cells."""
    return ("UDP" if found.is_udp else "TCP") + right(str(found.number), room - 3)


def _columns(width: int) -> tuple[tuple[str, int], ...]:
    if width < 100:
        rest = max((width - 12 - 26) // 2, 13)
        return (("number", 7), ("client", rest), ("server", rest), ("client-state", 12), ("server-state", 12))
    address = 21 if width < 150 else 28
    fixed = (("number", 8), ("client", address), ("server", address), ("client-state", 13), ("server-state", 13))
    rest = width - sum(cells for _, cells in fixed) - 9
    words = min(max((rest - 7) // 2, 10), 28)
    tail = (("opening", words), ("closing", words), ("packets", max(rest - 2 * words, 4)))
    return fixed + tail


def _style(scene: Scene, found: Appearance, name: str, value: str):  # type: ignore[no-untyped-def]
    if name in ("client", "server"):
        return scene.palette.ink(scene.palette.layer(4))
    if name in ("client-state", "server-state"):
        return scene.palette.faint() if found.is_udp else state_style(scene, value)
    return scene.palette.plain()


def state_style(scene: Scene, state: str):  # type: ignore[no-untyped-def]
    """Style of a state's name: open is good, anything between is under way, closed stands back."""
    if state == "ESTABLISHED":
        return scene.palette.ink(scene.palette.good, True)
    if state in ("CLOSED", "LISTEN", ""):
        return scene.palette.faint()
    return scene.palette.ink(scene.palette.warn, True)


def _shortened(width: int) -> str:
    """What follows the key of an opening or a close: its short name where the column is narrow."""
    return ".short" if dict(_columns(width)).get("opening", 0) < _LONG_NAME else ""


def _values(scene: Scene, connection: Connection, short: str) -> dict[str, str]:
    as_of = scene.moment.as_of
    over = connection.last_packet <= as_of
    return {
        "number": name_of(Appearance(False, connection.id)),
        "client": f"{connection.client}{' ?' if connection.client_is_inferred else ''}",
        "server": str(connection.server),
        "client-state": connection.state_at("client", as_of).value,
        "server-state": connection.state_at("server", as_of).value,
        "opening": scene.word(f"tcp.opening.{connection.opening}{short}", connection.opening.value),
        "closing": scene.word(f"tcp.closing.{connection.closing}{short}", connection.closing.value) if over else "",
        "packets": str(connection.packets) if over else "",
    }


def _datagram_values(scene: Scene, number: int) -> dict[str, str]:
    """The same columns of a UDP conversation, which has no state, no opening and no close."""
    store, as_of = scene.store, scene.moment.as_of
    found = store.datagrams.conversation(number)
    none = scene.word("udp.short", "")
    errors = found.errors[: int(np.searchsorted(found.errors, as_of))]
    protocol = PROTOCOL_NAMES[store.packets.value("protocol", int(found.rows[0]))]
    return {
        "number": name_of(Appearance(True, number)),
        "client": str(found.one),
        "server": str(found.other),
        "client-state": none,
        "server-state": none,
        "opening": protocol if protocol != "UDP" else "",
        "closing": f"ICMP {icmp_name(store.packets, int(errors[-1]))}" if len(errors) else "",
        "packets": str(int(np.searchsorted(found.rows, as_of))),
    }
