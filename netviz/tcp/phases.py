"""The phases of a connection's life, from both endpoints' states: opening, open, closing, TIME-WAIT, over. Pure."""

from enum import StrEnum
from typing import Final, NamedTuple

from netviz.tcp.connection import Connection, Role
from netviz.tcp.states import State


class Phase(StrEnum):
    """What both endpoints together are doing."""

    OPENING = "opening"
    OPEN = "open"
    CLOSING = "closing"
    TIME_WAIT = "time-wait"
    """One endpoint stays in TIME-WAIT, the other has nothing left to do; packets do not show when it ends."""
    OVER = "over"


class Begun(NamedTuple):
    """A phase and the packet with which it begins."""

    packet: int
    phase: Phase


_CLOSING: Final = frozenset({State.FIN_WAIT_1, State.FIN_WAIT_2, State.CLOSE_WAIT, State.CLOSING, State.LAST_ACK})
_OPENING: Final = frozenset({State.SYN_SENT, State.SYN_RECEIVED})
_NOTHING_LEFT: Final = frozenset({State.CLOSED, State.LISTEN})


def phase_of(states: frozenset[State], began: bool) -> Phase:
    """The phase that two states make; `began`: whether there has been a connection."""
    if states & _CLOSING:
        return Phase.CLOSING
    if State.TIME_WAIT in states:
        return Phase.TIME_WAIT
    if states & _OPENING:
        return Phase.OPENING
    if State.ESTABLISHED in states:
        return Phase.OPEN
    return Phase.OVER if began and states <= _NOTHING_LEFT else Phase.OPENING


def phases(connection: Connection) -> list[Begun]:
    """The phases in order, each with the packet that begins it; the first begins with the first packet."""
    states: dict[Role, State] = dict(connection.initial_states)
    found = [Begun(connection.first_packet, phase_of(frozenset(states.values()), False))]
    at, last = 0, len(connection.transitions)
    while at < last:
        packet = connection.transitions[at].packet
        while at < last and connection.transitions[at].packet == packet:
            step = connection.transitions[at]
            states[step.endpoint] = step.to_state
            at += 1
        phase = phase_of(frozenset(states.values()), True)
        if phase is not found[-1].phase:
            if found[-1].packet == packet:
                found.pop()
            found.append(Begun(packet, phase))
    return found
