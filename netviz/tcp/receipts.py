"""What a segment tells of what its sender had received by then: receipts proved, taken back, or told by what follows.

An endpoint that repeats its FIN has not received the acknowledgement of it; one that sends data after a reset was not
closed by it. Unless the two crossed: what was sent before the other could arrive says nothing. How long that takes is
known from the handshake (`Side.reply_delay`), at the point of capture.
"""

from typing import Final

from netviz.model.protocols import ACK, FIN, SYN
from netviz.tcp.arithmetic import add, distance, is_after, is_at_or_after
from netviz.tcp.connection import Segment
from netviz.tcp.side import Side
from netviz.tcp.states import AWAITS_ACK_OF_FIN, TAKES_FIN, Input, State

_RECEIVED_RESETS: Final = frozenset({Input.RECV_RST, Input.RECV_RST_AS_LISTENER})
_OPENING_RECEIPTS: Final = frozenset({Input.RECV_SYN, Input.RECV_SYN_ACK, Input.RECV_ACK_OF_SYN})
_FIN_RECEIPTS: Final = frozenset({Input.RECV_FIN, Input.RECV_ACK_OF_FIN})


def hear(sender: Side, receiver: Side, segment: Segment) -> None:
    """Step the sender of a segment (no reset) by what the segment tells of what it had received."""
    machine = sender.machine
    if not segment.length and sender.sent is not None and is_after(segment.seq, sender.sent):
        sender.beyond = segment.seq, segment.packet
    if machine.unproven:
        _take_back(sender, receiver, segment)
    if not segment.flags & ACK:
        return
    if not segment.flags & SYN:
        _imply_opening(sender, receiver, segment)
    if receiver.fin is not None and is_at_or_after(segment.ack, receiver.fin):
        if machine.state in TAKES_FIN:
            machine.take(segment.packet, Input.RECV_FIN, segment.packet)
        elif not segment.flags & FIN or machine.unproven_event() == Input.RECV_FIN:
            machine.proves(segment.packet)
    elif machine.unproven_event() in _OPENING_RECEIPTS:
        if not segment.flags & SYN:
            machine.drop(Input.RECV_SYN)
        machine.proves(segment.packet)


def _take_back(sender: Side, receiver: Side, segment: Segment) -> None:
    """Take back steps that what the sender sends now shows to be untrue."""
    machine, flags = sender.machine, segment.flags
    event = machine.unproven_event()
    if event == Input.SEND_RST:
        if not _was_overtaken(sender, receiver, segment):
            machine.take_back()
    elif event == Input.RECV_UNREACHABLE:
        machine.take_back()
    elif event in _RECEIVED_RESETS:
        opens_anew = flags & SYN and flags & ACK
        if not opens_anew and segment.time - receiver.rst_time >= sender.reply_delay:
            machine.take_back()
    elif segment.time - machine.received_at < sender.reply_delay:
        return
    elif flags & SYN and segment.seq == sender.isn:
        if event == (Input.RECV_ACK_OF_SYN if flags & ACK else Input.RECV_SYN_ACK):
            machine.take_back()
    elif flags & FIN and add(segment.seq, segment.length + 1) == sender.fin:
        _take_back_end(sender, confirms=receiver.fin is not None and is_at_or_after(segment.ack, receiver.fin))


def _was_overtaken(sender: Side, receiver: Side, segment: Segment) -> bool:
    """Whether a segment after its sender's reset was sent before it. If not, the reset was forged."""
    if not segment.length or is_after(add(segment.seq, segment.length), sender.rst_seq):
        return False
    return segment.time - sender.rst_time <= sender.reply_delay + receiver.reply_delay


def _take_back_end(sender: Side, confirms: bool) -> None:
    """Who repeats its FIN has not received the acknowledgement of it. `confirms`: it has received the other's FIN."""
    machine = sender.machine
    while machine.unproven_event() in _FIN_RECEIPTS and machine.state not in AWAITS_ACK_OF_FIN:
        if confirms and machine.unproven_event() == Input.RECV_FIN:
            return
        machine.take_back()


def _imply_opening(sender: Side, receiver: Side, segment: Segment) -> None:
    """Steps of the opening whose own packet is not in the capture, told by what the sender does after them."""
    machine, packet = sender.machine, segment.packet
    fits = receiver.isn is None or is_after(segment.ack, receiver.isn)
    if machine.state is State.SYN_SENT and fits:
        machine.take(packet, Input.RECV_SYN_ACK, packet)
        if receiver.machine.state is State.LISTEN:
            receiver.machine.take(sender.syn_packet or packet, Input.RECV_SYN, packet)
    elif machine.state is State.LISTEN and receiver.isn is not None:
        if fits and distance(receiver.syn_end, segment.ack) >= 0:
            machine.take(receiver.syn_packet, Input.RECV_SYN, packet)
        elif not machine.steps:
            # It answers a SYN like one who is in the middle of a connection: an older one, half open (RFC 9293 3.5.1).
            machine.initial = machine.state = State.ESTABLISHED
    if machine.state is State.SYN_RECEIVED and fits and _is_past_opening(receiver, segment):
        machine.take(packet, Input.RECV_ACK_OF_SYN, packet)


def _is_past_opening(receiver: Side, segment: Segment) -> bool:
    """Whether only a synchronized endpoint sends this. With Fast Open, data may go before the handshake is complete."""
    if receiver.isn is None:
        return True
    if is_after(segment.ack, receiver.syn_end):
        return True
    return receiver.syn_end == add(receiver.isn, 1) and bool(segment.length or segment.flags & FIN)
