"""A field of one packet as a filter that finds it: `ip.ttl == 64`. The other way round from reading a filter."""

from typing import Final

from netviz.filter.fields import HEADER_PREFIX, field_named
from netviz.filter.headers import presence, start_of
from netviz.filter.lexer import quoted
from netviz.filter.part import Dense, Part, Values
from netviz.filter.rows import Reading
from netviz.filter.spelling import written
from netviz.filter.syntax import Field, Slice, Value
from netviz.model import layers

_HEADERS: Final = ("http.header", "http.header.name", "http.header.value")
_PROTOCOLS: Final = {"Ethernet": "eth", "IPv4": "ip", "802.1Q": "vlan"}
"""Layers whose name in filters is not their own in small letters."""
_HEADED: Final = ("arp", "ip", "ipv6", "icmp", "icmpv6", "tcp", "udp", "dns")
"""Protocols whose header may begin at several places of a frame: parts are counted from it."""
_LONGEST: Final = 400
_MOST_OCTETS: Final = 16
"""Bytes that are worth comparing; what is longer is a content and no field."""


def condition_of(reading: Reading, row: int, field: layers.Field) -> str | None:
    """`name == value` for a field of the packet in a row; None where no filter can tell it."""
    if field.key in _HEADERS:
        return _header(reading, row, field)
    known = field_named(field.key)
    if known is None or known.kind in ("protocol", "bytes"):
        return _part_of_bytes(reading, row, field)
    return _equal(known, _value(reading, row, known, field.value), "0x" in field.value)


def protocol_of(layer: layers.Layer) -> str | None:
    """The filter's name of a layer, which alone finds the packets that have it; None where it has none."""
    name = _PROTOCOLS.get(layer.protocol, layer.protocol.lower())
    known = field_named(name)
    return name if known is not None and known.kind == "protocol" else None


def _part_of_bytes(reading: Reading, row: int, field: layers.Field) -> str | None:
    """`tcp[20:4] == 02:04:05:b4` for a field that filters have no name for, counted from its protocol's beginning."""
    first, stop = field.span
    if field.bit_start % 8 or field.bit_end % 8 or not 0 < stop - first <= _MOST_OCTETS:
        return None
    part = Part(reading.store.packets, row, row + 1)
    protocol, start = "frame", 0
    name = field.key.partition(".")[0]
    if name in _HEADED and presence(part, name)[0] and start_of(part, name)[0] <= first:
        protocol, start = name, int(start_of(part, name)[0])
    place = Slice(first - start, stop - first)
    octets = reading.store.packets.frame(row)[first:stop]
    return f"{protocol}[{place}] == {octets.hex(':')}"


def _value(reading: Reading, row: int, field: Field, shown: str) -> Value | None:
    """The field's value in the packet; of several the one that is shown."""
    part = Part(reading.store.packets, row, row + 1)
    found = [value for values in reading.values(field, part) for value in _values(values)]
    for value in found:
        text = written(field.kind, value)
        if text is not None and shown in (text, text.strip('"')):
            return value
    if not found and field.kind == "text" and not shown.endswith("…"):
        # A message over several packets is found at the one that completed it, not at this one.
        return shown
    return found[0] if found else None


def _values(values: Values) -> list[Value]:
    if not isinstance(values, Dense):
        return list(values.data)
    if not values.present[0]:
        return []
    if values.data.ndim == 2:
        return [values.data[0].tobytes()]
    number = int(values.data[0])
    return [values.labels[number] if values.labels is not None else number]


def _equal(field: Field, value: Value | None, hexadecimal: bool = False) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return f"{field.name} == {quoted(value)}" if len(value) <= _LONGEST else None
    if hexadecimal and isinstance(value, int):
        return f"{field.name} == {value:#x}"
    return f"{field.name} == {written(field.kind, value)}"


def _header(reading: Reading, row: int, field: layers.Field) -> str | None:
    """A header field by its own name, which stands in the bytes before its value."""
    frame = reading.store.packets.frame(row)
    start = field.span.start
    if field.key == "http.header.value":
        start = frame.rfind(b"\n", 0, start) + 1
    name = frame[start : frame.find(b":", start)].decode("latin-1").strip().lower()
    known = field_named(HEADER_PREFIX + name)
    if known is None or not name.isascii() or not all(char.isalnum() or char in "-_." for char in name):
        return None
    if field.key == "http.header.name":
        return known.name
    return _equal(known, _value(reading, row, known, field.value))
