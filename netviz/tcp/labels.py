"""How a connection was opened and closed, from what both sides sent and which states they reached."""

from netviz.tcp.connection import CloseSteps, Closing, Handshake, Opening, Role
from netviz.tcp.side import Side
from netviz.tcp.states import Input, State

_NEVER_OPENED = frozenset(
    {Opening.REFUSED, Opening.UNREACHABLE, Opening.NO_ANSWER, Opening.ABORTED, Opening.INCOMPLETE}
)
_DONE = frozenset({State.CLOSED, State.TIME_WAIT})


def opening_of(client: Side, server: Side, handshake: Handshake) -> Opening:
    """How the connection was opened."""
    if _took(client, Input.RECV_UNREACHABLE):
        return Opening.UNREACHABLE
    if handshake.syn is None and handshake.syn_ack is None:
        return Opening.MID_STREAM
    if client.pure_syn is not None and server.pure_syn is not None and _reached(client, server):
        return Opening.SIMULTANEOUS
    if _reached(server):
        answered = server.acked_syn_data
        return Opening.FAST_OPEN if answered else Opening.THREE_WAY
    return _failed_opening(client, server, handshake)


def _failed_opening(client: Side, server: Side, handshake: Handshake) -> Opening:
    if handshake.syn_ack is None and not _took(client, Input.RECV_SYN_ACK):
        if _took(client, Input.RECV_RST):
            return Opening.REFUSED
        return Opening.ABORTED if client.rst_packet is not None else Opening.NO_ANSWER
    reset = client.rst_packet is not None or server.rst_packet is not None
    return Opening.ABORTED if reset else Opening.INCOMPLETE


def closing_of(opening: Opening, sides: tuple[Side, Side], steps: CloseSteps) -> Closing:
    """How the connection was closed."""
    fins = [side for side in sides if side.fin_packet is not None]
    if _was_reset(sides):
        return Closing.FIN_THEN_RESET if _fin_before_reset(sides) else _reset_or_none(opening)
    if not fins:
        return Closing.NONE if opening in _NEVER_OPENED else Closing.OPEN
    if len(fins) == 1:
        return Closing.HALF_CLOSED
    if _closed_both(sides):
        return Closing.SIMULTANEOUS
    second = max(sides, key=lambda side: side.fin_packet or 0)
    with_fin = steps.ack_1 is not None and steps.ack_1 in (steps.fin_2, second.fin_shown)
    return Closing.THREE_SEGMENT if with_fin else Closing.FOUR_WAY


def _reset_or_none(opening: Opening) -> Closing:
    return Closing.NONE if opening in _NEVER_OPENED else Closing.RESET


def close_steps_of(sides: tuple[Side, Side], roles: tuple[Role, Role]) -> CloseSteps:
    """The packets of the four logical steps."""
    closers = sorted((side.fin_packet, index) for index, side in enumerate(sides) if side.fin_packet is not None)
    steps = CloseSteps()
    if not closers:
        return steps
    first = closers[0][1]
    steps.fin_1, steps.ack_1 = sides[first].fin_packet, sides[first].fin_ack_packet
    if len(closers) == 2:
        steps.fin_2, steps.ack_2 = sides[1 - first].fin_packet, sides[1 - first].fin_ack_packet
    steps.active_closer = None if _closed_both(sides) else roles[first]
    return steps


def _closed_both(sides: tuple[Side, Side]) -> bool:
    """Whether each side sent its FIN before it had received the other's."""
    return all(any(step.to_state is State.FIN_WAIT_1 for step in side.machine.steps) for side in sides)


def _was_reset(sides: tuple[Side, Side]) -> bool:
    """Whether a reset ended it, rather than hit what was closed already, or an older connection that was half open."""
    for side in sides:
        for step in reversed(side.machine.steps):
            if step.event in (Input.SEND_SYN, Input.RECV_SYN):
                break
            if step.event in _RESETS and not step.illegal and step.from_state not in _DONE:
                return True
    return False


def _fin_before_reset(sides: tuple[Side, Side]) -> bool:
    resets = [
        step.packet for side in sides for step in side.machine.steps if step.event in _RESETS and not step.illegal
    ]
    fins = [side.fin_packet for side in sides if side.fin_packet is not None]
    return bool(fins) and min(fins) <= min(resets)


_RESETS = frozenset({Input.SEND_RST, Input.RECV_RST, Input.RECV_RST_AS_LISTENER})


def _took(side: Side, event: Input, from_state: State | None = None) -> bool:
    return any(
        step.event == event and not step.illegal and from_state in (None, step.from_state)
        for step in side.machine.steps
    )


def _reached(*sides: Side) -> bool:
    """Whether each of the sides came to ESTABLISHED, or past it."""
    past = (State.ESTABLISHED, State.FIN_WAIT_1, State.CLOSE_WAIT)
    return all(
        side.machine.initial is State.ESTABLISHED or any(step.to_state in past for step in side.machine.steps)
        for side in sides
    )
