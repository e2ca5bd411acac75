"""The segments of one connection, in the order of the capture, to what is known of it: `feed`, then `connection()`.

Worked out when somebody looks at a connection, and further as more of its packets come.
"""

from typing import Final

import numpy as np

from netviz.model.endpoint import Endpoint
from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.tcp.arithmetic import MASK, distances, latest
from netviz.tcp.connection import Connection, Handshake, Opening, Role, Segment, Transition
from netviz.tcp.conversation import Conversation
from netviz.tcp.history import Letter, completeness, conn_state, history, letters_of
from netviz.tcp.labels import close_steps_of, closing_of, opening_of
from netviz.tcp.run import Run
from netviz.tcp.side import Side
from netviz.tcp.states import State

_MARKS: Final = SYN | FIN | RST
_DATA: Final = int(Letter.DATA)
_PURE_ACK: Final = int(Letter.PURE_ACK)
_NANOSECONDS: Final = 1e9


class ConnectionTracker:
    """Follows one connection. Never raises, whatever the segments say."""

    __slots__ = (
        "_conversation", "_endpoints", "_first_packet", "_id", "_last_packet", "_packets", "_shown",
    )  # fmt: skip

    def __init__(self, id: int, side_0: Endpoint, side_1: Endpoint) -> None:
        self._id = id
        self._endpoints = (side_0, side_1)
        self._conversation = Conversation()
        self._first_packet = 0
        self._last_packet = 0
        self._packets = 0
        self._shown: list[tuple[int, int]] = []

    def feed(self, segment: Segment) -> None:
        """Take the next segment of the connection in the order of the capture."""
        packet, time, side, flags, seq, ack, _, length, _ = segment
        conversation = self._conversation
        sender = conversation.sides[side]
        if not self._packets:
            self._begin(segment)
        self._packets += 1
        self._last_packet = packet
        if conversation.settled and not flags & _MARKS and flags & ACK:
            if seq == sender.sent:
                sender.sent = seq + length & MASK
                sender.bytes += length
            elif length or sender.sent is None:
                sender.bytes += sender.covers(seq, length, time)
            if ack != sender.acked:
                sender.acked = ack if sender.acked is None else latest(ack, sender.acked)
        else:
            conversation.follow(segment)
        if sender.first_seq is None:
            sender.first_seq = seq
        if not sender.letters & (_DATA if length else _PURE_ACK) or flags & _MARKS:
            self._show(sender, side, flags, length)

    def passes(self, run: Run) -> bool:
        """Take many segments at once that go on where their sides stopped, if none of them can change a state; returns
        whether they were taken."""
        conversation = self._conversation
        if not self._packets or not (conversation.settled or conversation.is_quiet()):
            return False
        parts = [np.flatnonzero(run.side == side) for side in (0, 1)]
        for sender, mine in zip(conversation.sides, parts, strict=True):
            if len(mine) and sender.sent != run.seq[mine[0]]:
                return False
            if sender.fin is not None and run.length[mine].any():
                return False
        shown: list[tuple[int, int, int]] = []
        for side, (sender, mine) in enumerate(zip(conversation.sides, parts, strict=True)):
            if not len(mine):
                continue
            if sender.first_seq is None:
                sender.first_seq = int(run.seq[mine[0]])
            sender.sent = int(run.seq[mine[-1]] + run.length[mine[-1]]) & MASK
            if not conversation.settled:
                sender.newest = 0 if run.length[mine[-1]] else int(run.packet[mine[-1]])
            sender.bytes += int(run.length[mine].sum())
            base = int(run.ack[mine[0]]) if sender.acked is None else sender.acked
            sender.acked = base + max(int(distances(run.ack[mine], base).max()), 0) & MASK
            for is_data in (True, False):
                if not sender.letters & (_DATA if is_data else _PURE_ACK):
                    first = np.flatnonzero((run.length[mine] > 0) == is_data)[:1]
                    shown += [(int(mine[at]), side, int(run.length[mine[at]])) for at in first.tolist()]
        for _, side, length in sorted(shown):
            self._show(conversation.sides[side], side, ACK, length)
        self._packets += len(run.packet)
        self._last_packet = int(run.packet[-1])
        return True

    def unreachable(self, packet: int, side: int, seq: int, no_route: bool = False) -> None:
        """An ICMP error in `packet` quotes the segment with number `seq`, sent by `side`, which was not delivered.

        `no_route`: because there is no way to its network or host.
        """
        self._conversation.unreachable(packet, side, seq, no_route)

    def connection(self) -> Connection:
        """A snapshot of all that is known so far."""
        conversation = self._conversation
        client_side = conversation.client_side
        roles: tuple[Role, Role] = ("client", "server") if client_side == 0 else ("server", "client")
        client, server = conversation.sides[client_side], conversation.sides[1 - client_side]
        handshake = self._handshake(client, server)
        opening = opening_of(client, server, handshake)
        steps = close_steps_of(conversation.sides, roles)
        return Connection(
            id=self._id,
            client=self._endpoints[client_side],
            server=self._endpoints[1 - client_side],
            client_is_inferred=conversation.client_is_inferred,
            client_side=client_side,
            opening=opening,
            closing=closing_of(opening, conversation.sides, steps),
            initial_states={"client": client.machine.initial, "server": _initial_of_server(server, opening)},
            transitions=_merged(client, server),
            handshake=handshake,
            close_steps=steps,
            first_packet=self._first_packet,
            last_packet=self._last_packet,
            packets=self._packets,
            first_seq={"client": _first_seq(client), "server": _first_seq(server)},
            completeness=completeness(self._shown),
            conn_state=conn_state(client, server),
            history=history(self._shown, client_side),
            bytes={"client": client.bytes, "server": server.bytes},
        )

    def _begin(self, segment: Segment) -> None:
        self._first_packet = segment.packet
        self._conversation.begin(segment, (self._endpoints[0].port, self._endpoints[1].port))

    def _show(self, sender: Side, side: int, flags: int, length: int) -> None:
        new = letters_of(flags, length) & ~sender.letters
        if new:
            sender.letters |= new
            self._shown.append((side, new))

    def _handshake(self, client: Side, server: Side) -> Handshake:
        conversation = self._conversation
        handshake = Handshake(syn=client.pure_syn)
        handshake.syn_ack = server.syn_ack
        handshake.ack = conversation.handshake_ack
        if handshake.ack is not None and client.pure_syn is not None:
            handshake.rtt = (conversation.handshake_ack_time - client.syn_time) / _NANOSECONDS
        return handshake


def _initial_of_server(server: Side, opening: Opening) -> State:
    """LISTEN until it refuses: it is CLOSED that answers a SYN with a reset (RFC 9293 3.10.7.1)."""
    return State.CLOSED if opening is Opening.REFUSED and not server.machine.steps else server.machine.initial


def _first_seq(side: Side) -> int | None:
    return side.isn if side.isn is not None else side.first_seq


def _merged(client: Side, server: Side) -> list[Transition]:
    """Both ends' steps in packet order; within a packet, what its sender did comes first."""
    steps = [*client.machine.transitions("client"), *server.machine.transitions("server")]
    senders = {(taken.packet, taken.endpoint) for taken in steps if taken.proof == taken.packet}
    steps.sort(key=lambda taken: (taken.packet, (taken.packet, taken.endpoint) not in senders))
    return steps
