"""What can be filtered by where the cursor stands: a field's value, an address, a conversation, an exchange. Pure."""

import ipaddress
from collections.abc import Iterator
from typing import Final, NamedTuple

from netviz.filter.condition import condition_of
from netviz.filter.fault import FilterError
from netviz.filter.fields import field_named
from netviz.filter.lexer import quoted
from netviz.filter.parser import parse
from netviz.filter.rows import Reading
from netviz.filter.syntax import Join
from netviz.model.layers import Field
from netviz.pipeline.lines import packet_line
from netviz.pipeline.statistics import statistics_of
from netviz.tui.draw.connection_rows import ConnectionRows
from netviz.tui.draw.exchange_rows import ExchangeRows
from netviz.tui.draw.fetch_rows import FetchRows
from netviz.tui.draw.hierarchy_rows import HierarchyRows
from netviz.tui.draw.line import Rows
from netviz.tui.draw.packet_rows import PacketRows
from netviz.tui.draw.traffic_rows import ConversationRows, EndpointRows
from netviz.tui.scene import Scene

_NAMES: Final = {"Ethernet": "eth", "IPv4": "ip", "802.1Q": "vlan"}
_TRANSPORTS: Final = {6: "tcp", 17: "udp"}
WAYS: Final = ("only", "not", "and", "and-not", "or", "or-not")
"""How a condition is put together with the filter that stands; `narrow.way.<way>` has the words."""


class Condition(NamedTuple):
    """A filter, and what it is: `narrow.<id>` has the words."""

    id: str
    text: str


def conditions_of_field(scene: Scene, field: Field | None, reading: Reading) -> list[Condition]:
    """The field's value."""
    found = condition_of(reading, scene.row, field) if field is not None and scene.row is not None else None
    return [Condition("field", found)] if found is not None else []


def conditions_of_row(scene: Scene, rows: Rows, index: int) -> list[Condition]:
    """What a row of a list stands for. `index` counts in the list with no filter."""
    if isinstance(rows, PacketRows):
        return list(_of_packet(scene, index))
    if isinstance(rows, ConnectionRows):
        found = rows.found(scene, index)
        if found.is_udp:
            flow = scene.store.datagrams.conversation(found.number).flow
            return [Condition("conversation", _of_flow(scene, flow))]
        return [Condition("connection", f"connection == {found.number}"), *_of_ends(scene, found.number)]
    if isinstance(rows, ExchangeRows):
        return list(_of_exchange(scene, index + 1))
    if isinstance(rows, FetchRows):
        exchanges = ", ".join(map(str, scene.known_fetches()[index].exchanges))
        return [Condition("fetch", f"exchange in {{{exchanges}}}")]
    if isinstance(rows, HierarchyRows):
        return [Condition("protocol", protocol_condition(rows.protocol(scene, index)))]
    if isinstance(rows, EndpointRows):
        return [Condition("endpoint", address_condition(rows.address(scene, index)))]
    if isinstance(rows, ConversationRows):
        return [Condition("conversation", _of_flow(scene, rows.flow(scene, index)))]
    return []


def _of_packet(scene: Scene, row: int) -> Iterator[Condition]:
    line = packet_line(scene.store, row)
    if line.connection is not None:
        yield Condition("connection", f"connection == {line.connection}")
    if line.source and line.destination:
        both = f"{address_condition(line.source)} && {address_condition(line.destination)}"
        yield Condition("conversation", both)
        yield Condition("source", address_condition(line.source, "src"))
        yield Condition("destination", address_condition(line.destination, "dst"))
    transport = _TRANSPORTS.get(scene.store.packets.value("ip_protocol", row))
    if transport is not None and line.source_port is not None and line.destination_port is not None:
        yield Condition("port", f"{transport}.port == {min(line.source_port, line.destination_port)}")
    yield Condition("protocol", protocol_condition(line.protocol))
    if line.exchange is not None:
        yield Condition("exchange", f"exchange == {line.exchange}")


def _of_ends(scene: Scene, number: int) -> Iterator[Condition]:
    connection = scene.store.connection(number)
    yield Condition("endpoint", address_condition(connection.client.address))
    yield Condition("server", f"{address_condition(connection.server.address)} && tcp.port == {connection.server.port}")


def _of_exchange(scene: Scene, number: int) -> Iterator[Condition]:
    read = scene.store.read(number)
    yield Condition("exchange", f"exchange == {number}")
    yield Condition("connection", f"connection == {read.exchange.connection}")
    host = read.request.get("Host") if read.request is not None else None
    if host and host.isprintable():
        yield Condition("host", f"http.host == {quoted(host)}")


def _of_flow(scene: Scene, flow: int) -> str:
    counts = statistics_of(scene.store)
    ends, transport = counts.ends(flow), _TRANSPORTS.get(counts.ip_protocol(flow))
    parts = [address_condition(end.address) for end in ends]
    if transport is not None:
        parts += [f"{transport}.port == {end.port}" for end in ends]
    return " && ".join(dict.fromkeys(parts))


def address_condition(address: str, side: str = "addr") -> str:
    """An address as a filter: IPv4, IPv6, or else that of a link."""
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        return f"eth.{side} == {address}"
    return f"{'ip' if version == 4 else 'ipv6'}.{side} == {address}"


def protocol_condition(protocol: str) -> str:
    """Packets that have a protocol; of one that has no field of its own, those that the list calls so."""
    name = _NAMES.get(protocol, protocol.lower())
    known = field_named(name)
    return name if known is not None and known.kind == "protocol" else f"protocol == {quoted(protocol)}"


def combined(standing: str, condition: str, way: str) -> str:
    """The filter that stands, and a condition put to it in one of WAYS."""
    is_name = condition.replace(".", "").replace("_", "").isalnum()
    this = condition if not way.endswith("not") else f"!{condition}" if is_name else f"!({condition})"
    if way in ("only", "not"):
        return this
    return f"{_grouped(standing)} {'||' if way.startswith('or') else '&&'} {_grouped(this)}"


def _grouped(text: str) -> str:
    """In parentheses where something put beside it would change what it means."""
    try:
        return f"({text})" if isinstance(parse(text), Join) else text
    except FilterError:
        return f"({text})"
