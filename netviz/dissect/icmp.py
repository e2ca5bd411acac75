"""ICMP and ICMPv6 with the packets that their errors quote, and IGMP. May not know the IP header below."""

from typing import Final, NamedTuple

from netviz.dissect import numbers
from netviz.dissect.cursor import Cursor, OutOfBytes, TooManyFields
from netviz.dissect.forms import address, hexadecimal, named, named_hexadecimal, octets
from netviz.dissect.options import nd_options
from netviz.dissect.spelling import header_fields
from netviz.dissect.step import Step, Window, ends, too_short
from netviz.model.layers import Field

_ICMP_ERRORS: Final = (3, 4, 5, 11, 12)
_ICMPV6_CLASSES: Final[dict[int, tuple[str, int]]] = {
    1: ("ICMPv6DestUnreach", 8),
    2: ("ICMPv6PacketTooBig", 8),
    3: ("ICMPv6TimeExceeded", 8),
    4: ("ICMPv6ParamProblem", 8),
    128: ("ICMPv6EchoRequest", 8),
    129: ("ICMPv6EchoRequest", 8),
    130: ("ICMPv6MLQuery", 24),
    131: ("ICMPv6MLQuery", 24),
    132: ("ICMPv6MLQuery", 24),
    133: ("ICMPv6ND_RS", 8),
    134: ("ICMPv6ND_RA", 16),
    135: ("ICMPv6ND_NS", 24),
    136: ("ICMPv6ND_NA", 24),
    137: ("ICMPv6ND_Redirect", 40),
    143: ("ICMPv6MLReport2", 8),
}
"""Type -> scapy class and the bytes of its fixed part."""


def icmp(window: Window) -> Step:
    """ICMP (RFC 792): eight bytes (more for some types), then data, or the packet that an error is about."""
    kind = window.byte(0) if window.size else 0
    size = {13: 20, 14: 20, 17: 12, 18: 12}.get(kind, 8)
    fields = header_fields(window, "scapy.layers.inet", "ICMP", size)
    fields = _with_code(fields, window, "icmp.code", numbers.ICMP_CODES)
    if window.size < size:
        return ends("ICMP", fields, window, too_short("ICMP", window, size))
    if kind in _ICMP_ERRORS:
        return _quoting("ICMP", fields, window, "IPv4", 4 * window.byte(5) if kind in (3, 11, 12) else 0)
    return _with_data("ICMP", fields, window, size)


def icmpv6(window: Window) -> Step:
    """ICMPv6 (RFC 4443), neighbour discovery (RFC 4861) and listener discovery (RFC 2710, RFC 3810)."""
    kind = window.byte(0) if window.size else 0
    name, size = _ICMPV6_CLASSES.get(kind, ("ICMPv6Unknown", 4))
    fields = header_fields(window, "scapy.layers.inet6", name, size)
    fields = _with_code(fields, window, "icmpv6.code", numbers.ICMPV6_CODES)
    if window.size < size:
        return ends("ICMPv6", fields, window, too_short("ICMPv6", window, size))
    if kind in (1, 2, 3, 4):
        return _quoting("ICMPv6", fields, window, "IPv6", 8 * window.byte(4) if kind in (1, 3) else 0)
    cursor = Cursor(window.frame, window.start + size, window.end)
    if 133 <= kind <= 137:
        nd_options(cursor)
        return ends("ICMPv6", fields + tuple(cursor.fields), window)
    if kind == 143:
        _records(cursor, _MLD_RECORD)
        return ends("ICMPv6", fields + tuple(cursor.fields), window)
    return _with_data("ICMPv6", fields, window, size)


def igmp(window: Window) -> Step:
    """IGMP (RFC 2236 section 2): eight bytes; a version 3 report (RFC 9776 section 4.2) has records for a group."""
    if window.size < 8:
        return ends("IGMP", (), window, too_short("IGMP", window, 8))
    cursor = Cursor(window.frame, window.start, window.end)
    kind = cursor.number("igmp.type", "Type", 1, named_hexadecimal(numbers.IGMP_TYPES))
    cursor.number("igmp.max_resp", "Maximum Response Time", 1)
    cursor.number("igmp.checksum", "Checksum", 2, hexadecimal)
    if kind == 0x22:
        cursor.octets("igmp.reserved", "Reserved", 2)
        cursor.number("igmp.num_grp_recs", "Number of Records", 2)
        _records(cursor, _IGMP_RECORD)
    else:
        cursor.octets("igmp.maddr", "Group", 4, address)
        cursor.rest("igmp.rest", "Sources and Parameters")
    return ends("IGMP", tuple(cursor.fields), window)


def _with_code(
    fields: tuple[Field, ...], window: Window, key: str, names: dict[int, dict[int, str]]
) -> tuple[Field, ...]:
    """The code named, which depends on the type."""
    if window.size < 2:
        return fields
    form = named(names.get(window.byte(0), {}))
    return tuple(
        Field(each.key, each.label, form(window.byte(1), b""), each.bit_start, each.bit_end)
        if each.key == key
        else each
        for each in fields
    )


def _with_data(protocol: str, fields: tuple[Field, ...], window: Window, size: int) -> Step:
    """A message with data behind its header: a payload of its own, not another protocol's."""
    start = window.start + size
    if start < window.end:
        data = Field("data.data", "Data", octets(0, window.frame[start : window.end]), 8 * start, 8 * window.end)
        fields = (*fields, data)
    return Step(protocol, fields, start, window.end, window.claimed, None, window.under)


def _quoting(protocol: str, fields: tuple[Field, ...], window: Window, follows: str, length: int) -> Step:
    """An error: what it quotes follows. With a length (RFC 4884) extension objects stand behind the quotation."""
    start = window.start + 8
    end = min(window.end, start + length) if length else window.end
    under = window.under._replace(quoted=True, part=True, stream=False)
    if start >= window.end:
        return Step(protocol, fields, start, start, start, None, window.under)
    return Step(protocol, fields, start, end, max(end, window.claimed if end == window.end else end), follows, under)


class _Record(NamedTuple):
    """How the multicast address records of a protocol are called, and the bytes of its addresses."""

    prefix: str
    width: int


_MLD_RECORD: Final = _Record("icmpv6.mldr.mar", 16)
_IGMP_RECORD: Final = _Record("igmp.record", 4)


def _records(cursor: Cursor, record: _Record) -> None:
    """Multicast address records of a listener's report (RFC 3810 section 5.2), to the cursor's end."""
    prefix, width = record
    try:
        while cursor.left:
            begin, since = cursor.at, len(cursor.fields)
            kind = cursor.number(f"{prefix}.record_type", "Record Type", 1, named(numbers.MLD_RECORDS))
            extra = 4 * cursor.number(f"{prefix}.aux_data_len", "Auxiliary Data Length", 1)
            sources = cursor.number(f"{prefix}.nb_sources", "Number of Sources", 2)
            group = cursor.octets(f"{prefix}.multicast_address", "Multicast Address", width, address)
            for _ in range(sources):
                cursor.octets(f"{prefix}.source_address", "Source Address", width, address)
            if extra:
                cursor.octets(f"{prefix}.auxiliary_data", "Auxiliary Data", extra)
            value = f"{address(0, group)} ({numbers.MLD_RECORDS.get(kind, str(kind))})"
            cursor.group(prefix, "Record", value, begin, since)
    except (OutOfBytes, TooManyFields):
        cursor.rest(f"{prefix}.rest", "Unread records")
