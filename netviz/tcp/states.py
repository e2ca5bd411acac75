"""RFC 9293's states and the one table of transitions, applied to both endpoints. Data only.

Whatever can change an endpoint's state is an `Input`; TRANSITIONS says what each state makes of it. The state diagram
on the screen is drawn from this table. The table does not know which endpoint is the client: that is in the inputs.

A segment becomes inputs for both ends. For who sends it: its SYN, its FIN or its RST. For who receives it, in the
order of RFC 9293 section 3.10.7.4: the acknowledgement of its own SYN or FIN first, then the other's SYN or FIN. So a
FIN that also acknowledges the first FIN is RECV_ACK_OF_FIN and then RECV_FIN, and a close in three segments needs no
rule of its own.

A row from a state to itself is a step the RFC allows that changes nothing. A key that is missing is a step no RFC
knows: it is recorded as illegal and the state stays.

What packets can not show is not here: OPEN and CLOSE calls without a segment, and the end of TIME-WAIT after two
maximum segment lifetimes.
"""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Connection states, RFC 9293 section 3.3.2."""

    CLOSED = "CLOSED"
    LISTEN = "LISTEN"
    SYN_SENT = "SYN-SENT"
    SYN_RECEIVED = "SYN-RECEIVED"
    ESTABLISHED = "ESTABLISHED"
    FIN_WAIT_1 = "FIN-WAIT-1"
    FIN_WAIT_2 = "FIN-WAIT-2"
    CLOSE_WAIT = "CLOSE-WAIT"
    CLOSING = "CLOSING"
    LAST_ACK = "LAST-ACK"
    TIME_WAIT = "TIME-WAIT"


class Input(StrEnum):
    """What an endpoint sends or receives that its state may depend on."""

    SEND_SYN = "SEND_SYN"
    RECV_SYN = "RECV_SYN"
    SEND_SYN_ACK = "SEND_SYN_ACK"
    RECV_SYN_ACK = "RECV_SYN_ACK"
    """A SYN with an acknowledgement of this endpoint's own SYN."""
    RECV_ACK_OF_SYN = "RECV_ACK_OF_SYN"
    SEND_FIN = "SEND_FIN"
    RECV_FIN = "RECV_FIN"
    """A FIN with all bytes before it received."""
    RECV_ACK_OF_FIN = "RECV_ACK_OF_FIN"
    SEND_RST = "SEND_RST"
    RECV_RST = "RECV_RST"
    """A reset that is acceptable (RFC 9293 section 3.5.3, RFC 5961 section 3.2)."""
    RECV_RST_AS_LISTENER = "RECV_RST_AS_LISTENER"
    """The same in SYN-RECEIVED, where the endpoint came from LISTEN."""
    RECV_UNREACHABLE = "RECV_UNREACHABLE"
    """An ICMP error says that the SYN does not get through (RFC 9293 section 3.9.2.2)."""


TRANSITIONS: Final[dict[State, dict[Input, State]]] = {
    # 3.10.7.1: all but a RST is answered by a RST, and the state stays.
    State.CLOSED: {
        Input.SEND_SYN: State.SYN_SENT,  # 3.10.1 OPEN call, active
        Input.RECV_SYN: State.CLOSED,
        Input.RECV_SYN_ACK: State.CLOSED,
        Input.RECV_FIN: State.CLOSED,
        Input.SEND_RST: State.CLOSED,
        Input.RECV_RST: State.CLOSED,
    },
    # 3.10.7.2
    State.LISTEN: {
        Input.RECV_SYN: State.SYN_RECEIVED,
        Input.SEND_SYN: State.SYN_SENT,  # 3.10.2 SEND call in LISTEN
        Input.SEND_RST: State.LISTEN,  # to an acknowledgement of something never sent
        Input.RECV_RST: State.LISTEN,
    },
    # 3.10.7.3
    State.SYN_SENT: {
        Input.RECV_SYN_ACK: State.ESTABLISHED,
        Input.RECV_SYN: State.SYN_RECEIVED,  # simultaneous open, 3.5 figure 7
        Input.SEND_RST: State.CLOSED,  # given up; the answer came too late
        Input.RECV_RST: State.CLOSED,  # refused
        Input.RECV_UNREACHABLE: State.CLOSED,
    },
    # 3.10.7.4
    State.SYN_RECEIVED: {
        Input.SEND_SYN_ACK: State.SYN_RECEIVED,
        Input.RECV_ACK_OF_SYN: State.ESTABLISHED,
        Input.RECV_SYN_ACK: State.ESTABLISHED,  # simultaneous open: the other's SYN,ACK acknowledges this SYN
        Input.RECV_SYN: State.SYN_RECEIVED,  # the SYN came again, the SYN,ACK goes again
        Input.SEND_FIN: State.FIN_WAIT_1,  # 3.10.4 CLOSE call in SYN-RECEIVED
        Input.RECV_FIN: State.CLOSE_WAIT,
        Input.SEND_RST: State.CLOSED,
        Input.RECV_RST: State.CLOSED,  # came from SYN-SENT
        Input.RECV_RST_AS_LISTENER: State.LISTEN,  # came from LISTEN
        Input.RECV_UNREACHABLE: State.CLOSED,
    },
    State.ESTABLISHED: {
        Input.SEND_FIN: State.FIN_WAIT_1,  # 3.6 case 1: the user closes first
        Input.RECV_FIN: State.CLOSE_WAIT,  # 3.6 case 2: the other side closes first
        Input.RECV_SYN: State.ESTABLISHED,  # challenge ACK, RFC 5961 section 4.2
        Input.RECV_SYN_ACK: State.ESTABLISHED,  # the last ACK of the handshake was lost: it goes again
        Input.SEND_RST: State.CLOSED,
        Input.RECV_RST: State.CLOSED,
    },
    State.FIN_WAIT_1: {
        Input.RECV_ACK_OF_FIN: State.FIN_WAIT_2,
        Input.RECV_FIN: State.CLOSING,  # 3.6 case 3: both close at once, figure 13
        Input.RECV_SYN: State.FIN_WAIT_1,
        Input.RECV_SYN_ACK: State.FIN_WAIT_1,
        Input.SEND_RST: State.CLOSED,
        Input.RECV_RST: State.CLOSED,
    },
    State.FIN_WAIT_2: {
        Input.RECV_FIN: State.TIME_WAIT,
        Input.RECV_SYN: State.FIN_WAIT_2,
        Input.SEND_RST: State.CLOSED,
        Input.RECV_RST: State.CLOSED,
    },
    # The passive closer: it may still send until its user closes, too.
    State.CLOSE_WAIT: {
        Input.SEND_FIN: State.LAST_ACK,
        Input.RECV_FIN: State.CLOSE_WAIT,
        Input.RECV_SYN: State.CLOSE_WAIT,
        Input.SEND_RST: State.CLOSED,
        Input.RECV_RST: State.CLOSED,
    },
    State.CLOSING: {
        Input.RECV_ACK_OF_FIN: State.TIME_WAIT,
        Input.RECV_FIN: State.CLOSING,
        Input.RECV_SYN: State.CLOSING,
        Input.SEND_RST: State.CLOSED,
        Input.RECV_RST: State.CLOSED,
    },
    State.LAST_ACK: {
        Input.RECV_ACK_OF_FIN: State.CLOSED,
        Input.RECV_FIN: State.LAST_ACK,
        Input.RECV_SYN: State.LAST_ACK,
        Input.SEND_RST: State.CLOSED,
        Input.RECV_RST: State.CLOSED,
    },
    # 3.6: stays for two maximum segment lifetimes and acknowledges the other's FIN again where it is repeated.
    State.TIME_WAIT: {
        Input.RECV_FIN: State.TIME_WAIT,
        Input.RECV_SYN: State.TIME_WAIT,
        Input.SEND_RST: State.CLOSED,
        Input.RECV_RST: State.CLOSED,
    },
}

TAKES_FIN: Final = frozenset({State.SYN_RECEIVED, State.ESTABLISHED, State.FIN_WAIT_1, State.FIN_WAIT_2})
"""States that a FIN from the other side moves on."""

AWAITS_ACK_OF_FIN: Final = frozenset({State.FIN_WAIT_1, State.CLOSING, State.LAST_ACK})
"""States that the acknowledgement of the endpoint's own FIN moves on."""


def step(state: State, given: Input) -> State | None:
    """The state after an input, or None where the table has no such step."""
    return TRANSITIONS[state].get(given)
