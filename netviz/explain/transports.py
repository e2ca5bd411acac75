"""UDP beside TCP on the packets at hand: what headers, waiting, loss, order and the end cost each. For report and screen."""

from typing import NamedTuple

from netviz.explain.words import Language, has, say
from netviz.pipeline.store import Store
from netviz.pipeline.transport_costs import TransportCosts, tcp_costs, udp_costs
from netviz.tcp.connection import Closing, Connection

_SHOWN = 4
_NEVER_CLOSED = (Closing.OPEN, Closing.NONE)


class Compared(NamedTuple):
    """One line of the comparison; an empty text where there is none to compare."""

    name: str
    udp: str
    tcp: str


def compared(
    store: Store, language: Language, as_of: int, conversation: int | None, connection: int | None
) -> list[Compared]:
    """The lines, as of a packet, for a UDP conversation and a TCP connection, each None where there is none."""
    udp = None if conversation is None else udp_costs(store, conversation, as_of)
    tcp = None if connection is None else tcp_costs(store, connection, as_of)

    def line(name: str, for_udp: str, for_tcp: str) -> Compared:
        return Compared(
            say(f"udp.compare.{name}", language), for_udp if udp is not None else "", for_tcp if tcp is not None else ""
        )

    def fixed(name: str) -> Compared:
        return line(name, say(f"udp.compare.{name}.udp", language), say(f"udp.compare.{name}.tcp", language))

    both = say("udp.compare.checks.both", language)
    return [
        line("headers", _headers(udp, language), _headers(tcp, language)),
        line("share", _share(udp, language), _share(tcp, language)),
        line("before", _before(udp, language), _before(tcp, language)),
        line("trips", _trips(udp, language), _trips(tcp, language)),
        line("empty", _empty(udp, language), _empty(tcp, language)),
        line("lost", _lost(udp, "udp", language), _lost(tcp, "tcp", language)),
        line("order", say("udp.compare.order.udp", language), _order(tcp, language)),
        fixed("units"),
        line("checks", both, both),
        line("end", say("udp.compare.end.udp", language), _end(store, connection, as_of, language)),
    ]


def numbers(costs: TransportCosts | None) -> dict[str, object] | None:
    """The costs for JSON."""
    if costs is None:
        return None
    return {
        "packets": costs.packets,
        "header_bytes": costs.header_bytes,
        "payload_bytes": costs.payload_bytes,
        "header_bytes_per_payload_byte": costs.header_share,
        "packets_without_payload": costs.packets_without_payload,
        "packets_before_data": costs.packets_before_data,
        "first_data_packet": costs.first_data,
        "round_trips_before_data": costs.round_trips_before_data,
        "seconds_before_data": None if costs.before_data is None else costs.before_data / 1e9,
        "sent_again": list(costs.sent_again),
        "out_of_order": costs.out_of_order,
    }


def tcp_beside(store: Store, as_of: int, preferred: int | None = None) -> int | None:
    """The connection to set beside UDP: the preferred one, or else the first, that carried data; else any."""
    count = store.connection_count(as_of)
    wanted: list[int] = [preferred] if preferred is not None and preferred < count else []
    for connection in (*wanted, *range(min(count, _LOOKED_AT))):
        if any(store.connection(connection).bytes.values()):
            return int(connection)
    return 0 if count else None


_LOOKED_AT = 50


def _headers(costs: TransportCosts | None, language: Language) -> str:
    if costs is None:
        return ""
    least, most = costs.least_header, costs.most_header
    key = "udp.compare.headers.each" if least == most else "udp.compare.headers.range"
    return say(key, language, all=f"{costs.header_bytes:,}", least=least, **({} if least == most else {"most": most}))


def _share(costs: TransportCosts | None, language: Language) -> str:
    if costs is None or costs.header_share is None:
        return say("udp.compare.share.none", language)
    return say(
        "udp.compare.share.value", language, share=f"{costs.header_share:.3f}", headers=f"{costs.header_bytes:,}",
        payload=f"{costs.payload_bytes:,}",
    )  # fmt: skip


def _before(costs: TransportCosts | None, language: Language) -> str:
    if costs is None or costs.first_data is None:
        return say("udp.compare.share.none", language)
    count = costs.packets_before_data or 0
    if not count:
        return say("udp.compare.before.none", language, first=costs.first_data)
    return say(
        "udp.compare.before.some", language, count=count, packets=listed(costs.before, count), first=costs.first_data
    )


def listed(packets: tuple[int, ...], count: int | None = None) -> str:
    """`#7 #8 #9`, the first few."""
    more = " …" if (len(packets) if count is None else count) > _SHOWN else ""
    return " ".join(f"#{packet}" for packet in packets[:_SHOWN]) + more


def _trips(costs: TransportCosts | None, language: Language) -> str:
    if costs is None or costs.round_trips_before_data is None or costs.before_data is None:
        return say("udp.compare.share.none", language)
    ms = f"{costs.before_data / 1e6:.3f}"
    return say("udp.compare.trips.value", language, trips=costs.round_trips_before_data, ms=ms)


def _empty(costs: TransportCosts | None, language: Language) -> str:
    if costs is None:
        return ""
    return say("udp.compare.empty.value", language, empty=costs.packets_without_payload, packets=costs.packets)


def _lost(costs: TransportCosts | None, transport: str, language: Language) -> str:
    if costs is None:
        return ""
    if costs.sent_again:
        return say(f"udp.compare.lost.{transport}-again", language, packets=listed(costs.sent_again))
    return say(f"udp.compare.lost.{transport}", language)


def _order(costs: TransportCosts | None, language: Language) -> str:
    return say("udp.compare.order.tcp", language, count=costs.out_of_order) if costs is not None else ""


def _end(store: Store, connection: int | None, as_of: int, language: Language) -> str:
    if connection is None:
        return ""
    found: Connection = store.connection(connection)
    packets = ending_packets(found, as_of)
    if not packets or found.closing in _NEVER_CLOSED:
        return say("udp.compare.end.tcp-open", language, packet=as_of)
    key = f"tcp.closing.{found.closing}"
    word = say(key, language) if has(key) and found.last_packet <= as_of else "FIN, RST"
    return say("udp.compare.end.tcp", language, closing=word, packets=listed(tuple(packets)))


def ending_packets(found: Connection, as_of: int) -> list[int]:
    """Packets of the close: the FINs with their acknowledgements, and a RST that ended it."""
    close = found.close_steps
    packets = {close.fin_1, close.ack_1, close.fin_2, close.ack_2}
    packets |= {step.packet for step in found.transitions if step.event == "SEND_RST" and not step.illegal}
    return sorted(packet for packet in packets if packet is not None and packet <= as_of)
