"""`netviz connections`: every TCP connection with both endpoints' states and the packets that prove them."""

from collections.abc import Iterable, Iterator

from rich.text import Text

from netviz.explain.words import Language, has, say
from netviz.model.endpoint import Endpoint
from netviz.pipeline.store import Store
from netviz.report.form import document as envelope
from netviz.tcp.connection import Connection, Role

_ROLES: tuple[Role, Role] = ("client", "server")


def document(store: Store, only: Iterable[int] | None = None) -> dict[str, object]:
    """CONTRACT: `netviz connections FILE --json`; of all connections, or of those named."""
    store.tcp_columns.advance()
    return envelope(connections=[facts(store, store.connection(each)) for each in store.connection_ids(only)])


def facts(store: Store, found: Connection) -> dict[str, object]:
    """One connection, for JSON."""
    ends: dict[Role, Endpoint] = {"client": found.client, "server": found.server}
    return {
        "id": found.id,
        **{role: _end(found, role, ends[role]) for role in _ROLES},
        "client_is_inferred": found.client_is_inferred,
        "opening": found.opening.value,
        "closing": found.closing.value,
        "transitions": [
            {
                "packet": step.packet,
                "endpoint": step.endpoint,
                "event": step.event,
                "from": step.from_state.value,
                "to": step.to_state.value,
                "illegal": step.illegal,
            }
            for step in found.transitions
        ],
        "handshake": {
            "syn": found.handshake.syn,
            "syn_ack": found.handshake.syn_ack,
            "ack": found.handshake.ack,
            "rtt": found.handshake.rtt,
        },
        "close_steps": {
            "fin_1": found.close_steps.fin_1,
            "ack_1": found.close_steps.ack_1,
            "fin_2": found.close_steps.fin_2,
            "ack_2": found.close_steps.ack_2,
            "active_closer": found.close_steps.active_closer,
        },
        "first_packet": found.first_packet,
        "last_packet": found.last_packet,
        "packets": found.packets,
        "completeness": found.completeness,
        "conn_state": found.conn_state,
        "history": found.history,
        "bytes": {role: found.bytes[role] for role in _ROLES},
        "analysis": found.analysis,
        "exchanges": store.exchanges_of_connection(found.id),
    }


def _end(found: Connection, role: Role, end: Endpoint) -> dict[str, object]:
    states = [step.to_state.value for step in found.transitions if step.endpoint == role and not step.illegal]
    final = states[-1] if states else found.initial_states[role].value
    return {"address": end.address, "port": end.port, "states": states, "final_state": final}


def is_illegal(found: Connection) -> bool:
    """Whether an endpoint took a step that the table does not have (`--check`)."""
    return any(step.illegal for step in found.transitions)


def text(store: Store, language: Language, only: Iterable[int] | None = None) -> Iterator[Text]:
    """One block a connection: the ends, how it opened and closed, and every step with its packet."""
    store.tcp_columns.advance()
    wanted = store.connection_ids(only)
    if not wanted:
        yield Text(say("connections.none" if only is None else "filter.nothing", language))
    for number in wanted:
        found = store.connection(number)
        guess = f" ({say('connections.inferred', language)})" if found.client_is_inferred else ""
        yield Text(f"[{found.id}] {found.client} → {found.server}{guess}", style="bold")
        yield Text(
            f"    #{found.first_packet}–#{found.last_packet} · {found.packets} · "
            f"{_named('opening', found.opening.value, language)} · {_named('closing', found.closing.value, language)} · "
            f"→ {found.bytes['client']:,} B · ← {found.bytes['server']:,} B"
        )
        for step in found.transitions:
            arrow = f"{step.from_state} → {step.to_state}" if not step.illegal else f"{step.from_state} ✗ {step.event}"
            who = say(f"role.{step.endpoint}", language)
            yield Text(f"    #{step.packet:<6} {who:<8} {arrow}  ({step.event})", style="red" if step.illegal else "")
        for name, sides in found.analysis.items():
            for role, packets in sides.items():
                if packets:
                    listed = " ".join(f"#{packet}" for packet in packets[:12]) + (" …" if len(packets) > 12 else "")
                    yield Text(f"    {say(f'role.{role}', language)}: {name} {listed}", style="yellow")


def _named(kind: str, word: str, language: Language) -> str:
    key = f"tcp.{kind}.{word}"
    return say(key, language) if has(key) else word
