"""Segments to inputs: what each segment of one connection means for the state machines of both its ends.

For each segment, first what it tells of its sender: that something sent to it did arrive, or did not (`receipts`). Then
what the sender does with it, then what it does to the receiver. Which state an input leads to is not here but in
`states.TRANSITIONS`.

Three things can be told only afterwards. A server is SYN-RECEIVED from the SYN on, but only its SYN,ACK proves it (one
that resets or stays silent never was): the step is then entered at the SYN's packet. Of a FIN that crosses another, the
receiver's own FIN shows that it had not arrived yet. And a reset may be forged: who goes on sending was not closed.
"""

from typing import Final

from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.tcp.arithmetic import add, distance, is_after, latest
from netviz.tcp.connection import Segment
from netviz.tcp.receipts import hear
from netviz.tcp.resets import reset
from netviz.tcp.side import Side
from netviz.tcp.states import AWAITS_ACK_OF_FIN, TAKES_FIN, Input, State

_LASTING: Final = frozenset({State.ESTABLISHED, State.FIN_WAIT_2, State.CLOSE_WAIT})
_BEFORE_ESTABLISHED: Final = frozenset({State.CLOSED, State.LISTEN, State.SYN_SENT, State.SYN_RECEIVED})


class Conversation:
    """Both ends of one connection, stepping through its segments in the order of the capture."""

    __slots__ = ("client_is_inferred", "client_side", "handshake_ack", "handshake_ack_time", "settled", "sides")

    def __init__(self) -> None:
        self.sides = (Side(), Side())
        self.client_side = 0
        self.client_is_inferred = False
        self.handshake_ack: int | None = None
        self.handshake_ack_time = 0
        self.settled = False
        """Both ends are ESTABLISHED beyond doubt: a segment without SYN, FIN and RST can change no state."""

    def begin(self, segment: Segment, ports: tuple[int, int]) -> None:
        """What the first segment tells of who is who, and of the states before it."""
        side, flags = segment.side, segment.flags
        self.client_side = side
        opens = flags & SYN and not flags & RST
        if opens and flags & ACK:
            states = State.SYN_RECEIVED, State.SYN_SENT
            self.client_side = 1 - side
        elif opens:
            states = State.CLOSED, State.LISTEN
        elif flags & RST and flags & ACK and segment.seq == 0:
            # RFC 9293 3.10.7.1: so a SYN is refused, with no number to go by. That SYN was not captured.
            states = State.LISTEN, State.SYN_SENT
            self.client_side = 1 - side
        else:
            states = State.ESTABLISHED, State.ESTABLISHED
            self.client_is_inferred = True
            if ports[side] < ports[1 - side]:
                self.client_side = 1 - side
        for end, state in zip((self.sides[side], self.sides[1 - side]), states, strict=True):
            end.machine.initial = end.machine.state = state

    def follow(self, segment: Segment) -> None:
        """Step both ends by a segment."""
        sender, receiver = self.sides[segment.side], self.sides[1 - segment.side]
        flags = segment.flags
        sender.newest = 0 if segment.length else segment.packet
        if flags & RST:
            reset(sender, receiver, segment)
            self.settled = False
            return
        if flags & SYN and flags & ACK and _answers_nothing(sender, receiver, segment):
            sender.odd_ack = segment.ack
            return
        hear(sender, receiver, segment)
        if flags & SYN:
            self._open(sender, receiver, segment)
        sender.numbers(flags, segment.seq, segment.length, segment.time)
        if flags & ACK:
            sender.acked = segment.ack if sender.acked is None else latest(segment.ack, sender.acked)
            if not flags & SYN:
                self._acknowledge(sender, receiver, segment)
        if flags & FIN:
            _send_fin(sender, receiver, segment)
        if sender.fin is not None and (flags & FIN or segment.length):
            _deliver_fin(sender, receiver, segment)
        self.settled = _is_settled(sender) and _is_settled(receiver)

    def is_quiet(self) -> bool:
        """Both ends have done all that is to do for now, one of them may have closed: a segment that goes on, without SYN,
        FIN and RST, changes no state. Not so where a closed side sends data again."""
        if self.handshake_ack is None and not self.client_is_inferred:
            return False
        return all(map(_is_lasting, self.sides))

    def unreachable(self, packet: int, side: int, seq: int, no_route: bool) -> None:
        """An ICMP error in `packet` quotes the segment with number `seq` that `side` sent.

        Before ESTABLISHED it ends the attempt (RFC 9293 3.9.2.2, RFC 5461), if the number is that of the SYN: any other
        may be forged (RFC 5927). Who listens gives up half-open connections only where there is no way back at all.
        Afterwards, all it can do is be noted as a reason why nothing arrives.
        """
        end = self.sides[side]
        machine = end.machine
        connects = machine.state in (State.SYN_SENT, State.SYN_RECEIVED) and end.pure_syn is not None
        answers = machine.state is State.SYN_RECEIVED and end.pure_syn is None and no_route
        if seq == end.isn and (connects or answers):
            machine.take(packet, Input.RECV_UNREACHABLE)

    def _open(self, sender: Side, receiver: Side, segment: Segment) -> None:
        late = sender.isn is None and sender.machine.initial in (State.SYN_SENT, State.ESTABLISHED)
        again = sender.isn == segment.seq
        other = sender.isn is not None and not again
        if segment.flags & ACK:
            sender.takes_syn(segment)
            if self.client_is_inferred:
                self.client_side, self.client_is_inferred = 1 - segment.side, False
            _answer_syn(sender, receiver, segment, other)
            return
        if other and sender.machine.state not in _BEFORE_ESTABLISHED:
            # Not its own SYN: the receiver answers with a challenge ACK (RFC 5961 section 4.2).
            receiver.machine.take(segment.packet, Input.RECV_SYN, segment.packet)
            return
        sender.takes_syn(segment)
        if late:
            _late_syn(sender, receiver, segment.packet)
            self.client_side, self.client_is_inferred = segment.side, False
        elif sender.machine.state in (State.CLOSED, State.LISTEN):
            _send_syn(sender, receiver, segment)
        elif not again:
            sender.machine.take(segment.packet, Input.SEND_SYN, segment.packet)

    def _acknowledge(self, sender: Side, receiver: Side, segment: Segment) -> None:
        """What a segment without SYN acknowledges of the receiver's SYN or FIN."""
        machine, packet = receiver.machine, segment.packet
        covers_syn = receiver.isn is None or is_after(segment.ack, receiver.isn)
        if machine.state is State.SYN_RECEIVED and covers_syn:
            machine.receive(packet, Input.RECV_ACK_OF_SYN, segment.time)
            self.handshake_ack = None
            if receiver.isn is not None:
                sender.answers_after(segment.time - receiver.syn_time, len(receiver.syns) > 1)
        if self.handshake_ack is None and covers_syn and self._is_third_step(sender, segment):
            self.handshake_ack, self.handshake_ack_time = packet, segment.time
        if receiver.fin is not None and segment.ack == receiver.fin:
            if receiver.fin_ack_packet is None:
                receiver.fin_ack_packet = packet
            if machine.state in AWAITS_ACK_OF_FIN:
                machine.receive(packet, Input.RECV_ACK_OF_FIN, segment.time)

    def _is_third_step(self, sender: Side, segment: Segment) -> bool:
        """Whether a segment that acknowledges the server's SYN can be the third of the handshake."""
        return segment.side == self.client_side and not self.client_is_inferred and sender.syn_ack is None


def _answers_nothing(sender: Side, receiver: Side, segment: Segment) -> bool:
    """Whether a SYN,ACK means nothing here: it acknowledges a number that no SYN of this connection had (it is forged,
    or of an older one; RFC 9293 3.10.7.3), or it is a late copy, after its sender had closed."""
    if sender.isn == segment.seq:
        return sender.machine.state is State.CLOSED
    return sender.isn is None and receiver.pure_syn is not None and not _acknowledges_syn(receiver, segment.ack)


def _acknowledges_syn(receiver: Side, ack: int) -> bool:
    """Whether a number acknowledges a SYN, with some of its data or none."""
    return receiver.isn is None or 0 < distance(ack, receiver.isn) <= distance(receiver.syn_end, receiver.isn)


def _answer_syn(sender: Side, receiver: Side, segment: Segment, other: bool) -> None:
    """A SYN,ACK proves that its sender received the SYN, and opens its receiver. `other`: its number is a new one."""
    packet, machine = segment.packet, sender.machine
    fits = _acknowledges_syn(receiver, segment.ack)
    if machine.state is State.CLOSED:
        # Who answers a SYN has a listener, though the connection before it was reset: an OPEN call makes no packet.
        machine.state = State.LISTEN
    if machine.state in (State.LISTEN, State.SYN_SENT):
        machine.take(_answered_copy(sender, receiver, packet) if fits else packet, Input.RECV_SYN, packet)
    elif other:
        machine.take(packet, Input.SEND_SYN_ACK, packet)
    if not fits:
        return
    if receiver.isn is not None:
        sender.answers_after(segment.time - receiver.syn_time, len(receiver.syns) > 1)
        sender.acked_syn_data = distance(segment.ack, receiver.isn) > 1
    machine = receiver.machine
    crossed = machine.state is State.SYN_RECEIVED and receiver.pure_syn is not None
    if machine.state is State.SYN_SENT or crossed:
        machine.receive(packet, Input.RECV_SYN_ACK, segment.time)
    elif machine.unproven_event() == Input.RECV_SYN_ACK:
        machine.redate(packet, segment.time)


def _send_syn(sender: Side, receiver: Side, segment: Segment) -> None:
    packet, machine = segment.packet, sender.machine
    if not machine.steps:
        machine.initial = machine.state = State.CLOSED
    machine.take(packet, Input.SEND_SYN, packet)
    if receiver.pure_syn is not None and receiver.machine.state is State.SYN_SENT:
        machine.receive(packet, Input.RECV_SYN, segment.time)
        receiver.machine.receive(packet, Input.RECV_SYN, segment.time)


def _late_syn(sender: Side, receiver: Side, packet: int) -> None:
    """The SYN stands in the capture after segments that came from it."""
    given = [Input.SEND_SYN]
    if sender.machine.initial is State.ESTABLISHED:
        given.append(Input.RECV_SYN_ACK)
    sender.machine.begin_earlier(State.CLOSED, packet, *given)
    if receiver.machine.initial in (State.SYN_RECEIVED, State.ESTABLISHED):
        given = [Input.RECV_SYN]
        if receiver.machine.initial is State.ESTABLISHED:
            given.append(Input.RECV_ACK_OF_SYN)
        receiver.machine.begin_earlier(State.LISTEN, packet, *given)


def _answered_copy(server: Side, client: Side, packet: int) -> int:
    """Packet of the SYN that a SYN,ACK answers: by the timestamp it echoes (RFC 7323), else the newest copy."""
    times = server.options.timestamps if server.options is not None else None
    echo = times[1] if times else None
    for copy, timestamp in reversed(client.syns):
        if echo is not None and timestamp == echo:
            return copy
    return client.syn_packet or packet


def _send_fin(sender: Side, receiver: Side, segment: Segment) -> None:
    end = add(segment.seq, segment.length + 1)
    if sender.fin == end:
        return
    machine, packet = sender.machine, segment.packet
    if sender.fin is None:
        sender.fin_packet = packet
        if sender.beyond is not None and sender.beyond[0] == end:
            sender.fin_shown = sender.beyond[1]
    elif machine.steps[-1:] and machine.steps[-1].event == Input.SEND_FIN and _waits_for_bytes(sender, receiver):
        # A FIN behind bytes that never came, and now one at another number: the first one was forged.
        machine.state = machine.steps.pop().from_state
        sender.fin_packet = packet
    sender.fin = end
    crossed = machine.state is State.CLOSE_WAIT and machine.unproven_event() == Input.RECV_FIN
    if crossed:
        machine.take_back()
    machine.take(packet, Input.SEND_FIN, packet)
    if crossed:
        machine.receive(packet, Input.RECV_FIN, segment.time)


def _waits_for_bytes(sender: Side, receiver: Side) -> bool:
    return sender.fin is not None and not sender.has_all_before(sender.fin, receiver.acked)


def _deliver_fin(sender: Side, receiver: Side, segment: Segment) -> None:
    """A FIN takes effect where all bytes before it have arrived."""
    machine = receiver.machine
    if sender.fin is None or not sender.has_all_before(sender.fin, receiver.acked):
        return
    if machine.state in TAKES_FIN:
        machine.receive(segment.packet, Input.RECV_FIN, segment.time)
        return
    # Had the first copy arrived, its acknowledgement would have come by now.
    is_overdue = segment.time - machine.received_at > receiver.reply_delay
    if not segment.flags & FIN or not is_overdue:
        return
    if machine.unproven_event() == Input.RECV_FIN:
        machine.redate(segment.packet, segment.time)
    elif machine.withdraw(Input.RECV_FIN):
        machine.receive(segment.packet, Input.RECV_FIN, segment.time)


def _is_settled(side: Side) -> bool:
    machine = side.machine
    return machine.state is State.ESTABLISHED and not machine.unproven and side.fin is None


def _is_lasting(side: Side) -> bool:
    """Whether no segment that only goes on can step an end, or take back a step: only a FIN again takes back that one was
    acknowledged."""
    machine = side.machine
    if machine.state not in _LASTING or (side.fin is None) != (side.fin_ack_packet is None):
        return False
    return not machine.unproven or (machine.unproven == 1 and machine.unproven_event() == Input.RECV_ACK_OF_FIN)
