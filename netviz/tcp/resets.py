"""Resets: whom they close, and whom not (RFC 9293 sections 3.5.2 and 3.5.3, RFC 5961 section 3)."""

from typing import Final

from netviz.model.protocols import ACK
from netviz.tcp.arithmetic import distance
from netviz.tcp.connection import Segment
from netviz.tcp.side import Side
from netviz.tcp.states import Input, State

_ANSWERED: Final = frozenset({Input.RECV_SYN_ACK, Input.RECV_FIN, Input.RECV_ACK_OF_FIN})


def reset(sender: Side, receiver: Side, segment: Segment) -> None:
    """Step both ends by a reset."""
    machine, packet = sender.machine, segment.packet
    sender.rst_seq, sender.rst_time = segment.seq, segment.time
    if sender.rst_packet is None:
        sender.rst_packet = packet
    if _found_no_connection(sender, receiver, segment):
        machine.take_back()
    has_state = machine.state not in (State.LISTEN, State.CLOSED)
    if has_state and not _rejects_old_acknowledgement(sender, receiver, segment):
        machine.take(packet, Input.SEND_RST, packet)
        machine.doubt()
    _receive_reset(sender, receiver, segment)


def _found_no_connection(sender: Side, receiver: Side, segment: Segment) -> bool:
    """Whether a reset says that the segment before it, which was taken to have changed its sender's state, came too late.

    3.10.7.1: one without ACK, at the number acknowledged, answers a segment that found no connection. (Or data that a
    closed program can not take any more: they do find a connection.)
    """
    machine = sender.machine
    if machine.unproven_event() not in _ANSWERED or machine.state is State.CLOSED or segment.flags & ACK:
        return False
    return segment.seq == receiver.acked and machine.steps[-1].packet == receiver.newest


def _rejects_old_acknowledgement(sender: Side, receiver: Side, segment: Segment) -> bool:
    """In SYN-SENT, an acknowledgement of something never sent is answered by a reset and changes nothing (3.10.7.3)."""
    if sender.machine.state is not State.SYN_SENT or segment.flags & ACK:
        return False
    return segment.seq in (receiver.acked, receiver.odd_ack) and segment.seq != sender.sent


def _receive_reset(sender: Side, receiver: Side, segment: Segment) -> None:
    machine = receiver.machine
    if machine.state is State.CLOSED or not _is_acceptable(sender, receiver, segment):
        return
    as_listener = machine.state is State.SYN_RECEIVED and receiver.pure_syn is None
    machine.take(segment.packet, Input.RECV_RST_AS_LISTENER if as_listener else Input.RECV_RST)


def _is_acceptable(sender: Side, receiver: Side, segment: Segment) -> bool:
    """Whether the receiver obeys a reset: its number must be exactly the next one expected.

    In SYN-SENT it must acknowledge the SYN. Any other number in the window is answered by a challenge ACK.
    """
    if receiver.machine.state is State.SYN_SENT:
        return bool(segment.flags & ACK) and _acknowledges_syn(receiver, segment.ack)
    if sender.sent is None and receiver.acked is None:
        return True
    return segment.seq in (sender.sent, receiver.acked)


def _acknowledges_syn(receiver: Side, ack: int) -> bool:
    if receiver.isn is None or receiver.sent is None:
        return True
    return distance(ack, receiver.isn) > 0 and distance(receiver.sent, ack) >= 0
