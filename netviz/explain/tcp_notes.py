"""Sentences about one TCP connection: what a segment does to both states, which step it is, what is often told wrong."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from netviz.explain.words import Language, has, say
from netviz.tcp.connection import Connection, Opening, Role, Segment, Transition
from netviz.tcp.corrections import Correction, corrections


class Wrong(NamedTuple):
    """An error of study notes beside what holds."""

    packet: int
    known: int
    """The last packet that the sentence names."""

    told: str
    right: str


def transition_notes(connection: Connection, packet: int, language: Language) -> list[str]:
    """What a packet does to both endpoints' states, one sentence each; also that it may not do what it does."""
    steps = connection.transitions
    first = bisect_left(steps, packet, key=lambda step: step.packet)
    found = steps[first : bisect_right(steps, packet, key=lambda step: step.packet)]
    return [transition_note(step, language) for step in found if step.illegal or step.from_state != step.to_state]


def transition_note(step: Transition, language: Language) -> str:
    """One step of one endpoint in words."""
    role = say(f"role.{step.endpoint}", language)
    if step.illegal:
        event = say(f"tcp.input.{step.event}", language)
        return say("tcp.illegal", language, packet=step.packet, state=step.from_state, role=role, event=event)
    key = transition_key(step.from_state, step.event)
    return say(key, language, role=role, packet=step.packet)


def transition_key(state: str, event: str) -> str:
    """The key of the sentence for an input in a state: its own, or the one for any state."""
    own = f"tcp.step.{state}.{event}"
    return own if has(own) else f"tcp.step.{event}"


def step_notes(connection: Connection, segment: Segment, language: Language) -> list[str]:
    """Which steps of the opening and of the close a segment is; two sentences where it is two."""
    role = say(f"role.{connection.role_of(segment.side)}", language)
    return [say(key, language, role=role, packet=segment.packet) for key in _steps_at(connection, segment.packet)]


def _steps_at(connection: Connection, packet: int) -> list[str]:
    handshake, close = connection.handshake, connection.close_steps
    # A simultaneous open has four segments and no such steps.
    crossed = connection.opening is Opening.SIMULTANEOUS
    opening = () if crossed else (handshake.syn, handshake.syn_ack, handshake.ack)
    closing = (close.fin_1, close.ack_1, close.fin_2, close.ack_2)
    found = [f"tcp.handshake.{number}" for number, step in enumerate(opening, 1) if step == packet]
    return found + [f"tcp.close.{number}" for number, step in enumerate(closing, 1) if step == packet]


def wrong_notes(connection: Connection, segments: Sequence[Segment], language: Language) -> list[Wrong]:
    """What is often told wrong and shown right by a connection, each once, in the order of the packets."""
    return [_wrong(each, language) for each in corrections(connection, segments)]


def _wrong(found: Correction, language: Language) -> Wrong:
    other: Role = "server" if found.role == "client" else "client"
    details = {"role": say(f"role.{found.role}", language), "other": say(f"role.{other}", language)}
    right = say(f"wrong.{found.kind}.right", language, packet=found.packet, **details, **found.details)
    known = max(found.packet, found.details.get("last", 0))
    return Wrong(found.packet, known, say(f"wrong.{found.kind}.told", language), right)
