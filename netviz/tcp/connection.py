"""What is known of one TCP connection, each fact with the packet that proves it. Data only; `tracker.py` makes it.

Packet numbers count from 1. "client" and "server" are the roles of RFC 9293's active and passive opener; where the
opening was not captured, the roles are a guess and `client_is_inferred` says so.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

from netviz.model.endpoint import Endpoint
from netviz.tcp.states import State

Role = Literal["client", "server"]


class Segment(NamedTuple):
    """One TCP segment as the tracker takes it. Sequence numbers are absolute, modulo 2**32."""

    packet: int
    """Packet number, from 1."""

    time: int
    """Nanoseconds since the epoch."""

    side: int
    """0: sent by the endpoint that sent the flow's first packet, 1: by the other."""

    flags: int
    """The 12 bits after the data offset."""

    seq: int
    ack: int
    window: int
    """As in the header, not scaled."""

    length: int
    """Payload bytes on the wire."""

    options: bytes
    """Raw option bytes, as far as captured; empty where they were not looked at."""


class Opening(StrEnum):
    """How a connection was opened (CONTRACT: `opening`)."""

    THREE_WAY = "three-way"
    SIMULTANEOUS = "simultaneous"
    FAST_OPEN = "fast-open"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no-answer"
    ABORTED = "aborted"
    INCOMPLETE = "incomplete"
    MID_STREAM = "mid-stream"


class Closing(StrEnum):
    """How a connection was closed (CONTRACT: `closing`)."""

    FOUR_WAY = "four-way"
    THREE_SEGMENT = "three-segment"
    SIMULTANEOUS = "simultaneous"
    HALF_CLOSED = "half-closed"
    RESET = "reset"
    FIN_THEN_RESET = "fin-then-reset"
    OPEN = "open"
    NONE = "none"


class Transition(NamedTuple):
    """One step of one endpoint's state machine."""

    packet: int
    endpoint: Role
    event: str
    """The input's name: `SEND_SYN`, `RECV_FIN` ... (tcp.states.Input)."""

    from_state: State
    to_state: State
    illegal: bool = False
    """The table has no such step: the state stays, and this record says that something odd was seen."""

    proof: int | None = None
    """Packet that proves the step. Sending proves itself. That a packet was received is proved by what its receiver
    sends next; None: nothing in the capture says so yet (or ever), and nothing speaks against it."""


@dataclass(slots=True)
class Handshake:
    """Packets of the opening, None where it was not seen."""

    syn: int | None = None
    syn_ack: int | None = None
    ack: int | None = None
    rtt: float | None = None
    """Seconds from the SYN to the ACK that completes it, as the capture point saw it."""


@dataclass(slots=True)
class CloseSteps:
    """The four logical steps of a close; in three segments two of them are the same packet."""

    fin_1: int | None = None
    ack_1: int | None = None
    fin_2: int | None = None
    ack_2: int | None = None
    active_closer: Role | None = None


@dataclass(slots=True)
class Connection:
    """A connection as far as its packets tell. A snapshot: later packets make a new one."""

    id: int
    """From 0, in order of appearance, as tshark's tcp.stream."""

    client: Endpoint
    server: Endpoint
    client_is_inferred: bool
    client_side: int
    """Which `Segment.side` the client is."""

    opening: Opening
    closing: Closing
    initial_states: dict[Role, State]
    """State of each endpoint before the first packet: CLOSED and LISTEN, or what a mid-stream start implies."""

    transitions: list[Transition] = field(default_factory=list)
    handshake: Handshake = field(default_factory=Handshake)
    close_steps: CloseSteps = field(default_factory=CloseSteps)
    first_packet: int = 0
    last_packet: int = 0
    packets: int = 0
    first_seq: dict[Role, int | None] = field(default_factory=dict)
    """Initial sequence number of each direction (of the first segment seen, mid-stream), for relative numbers."""

    completeness: int = 0
    """tshark's bit mask: 1 SYN, 2 SYN-ACK, 4 ACK, 8 data, 16 FIN, 32 RST."""

    conn_state: str = "OTH"
    """Zeek's word: S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH."""

    history: str = ""
    """Zeek's letters."""

    bytes: dict[Role, int] = field(default_factory=lambda: {"client": 0, "server": 0})
    """Payload bytes sent by each side, counted once."""

    analysis: dict[str, dict[Role, list[int]]] = field(default_factory=dict)
    """Analysis name (CONTRACT) -> who sent it -> packet numbers."""

    def state_at(self, role: Role, packet: int) -> State:
        """State of an endpoint after it has sent or received packet number `packet`."""
        state = self.initial_states[role]
        for step in self.transitions:
            if step.packet > packet:
                break
            if step.endpoint == role:
                state = step.to_state
        return state

    def states(self, role: Role) -> list[State]:
        """The states an endpoint entered, in order, after its initial one."""
        return [step.to_state for step in self.transitions if step.endpoint == role and not step.illegal]

    def final_state(self, role: Role) -> State:
        """The state of an endpoint after the last packet."""
        entered = self.states(role)
        return entered[-1] if entered else self.initial_states[role]

    def role_of(self, side: int) -> Role:
        """Which role the sender of a segment has."""
        return "client" if side == self.client_side else "server"
