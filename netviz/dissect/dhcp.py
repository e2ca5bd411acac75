"""DHCP (RFC 2131): the fixed part as scapy lays it out, each option (RFC 2132) a field of its own."""

from netviz.dissect import message_numbers as numbers
from netviz.dissect.cursor import Cursor, TooManyFields
from netviz.dissect.forms import address, hexadecimal, named, octets
from netviz.dissect.spelling import header_fields
from netviz.dissect.step import Step, Window, ends, too_short
from netviz.model.endpoint import address_text
from netviz.model.layers import Field
from netviz.model.safe import safe

_FIXED = 236
_COOKIE = b"\x63\x82\x53\x63"


def dhcp(window: Window) -> Step:
    """A DHCP message: 236 bytes, the magic cookie, options. Without the cookie it is BOOTP's vendor area."""
    fields = header_fields(window, "scapy.layers.dhcp", "BOOTP", _FIXED)
    fields = tuple(sorted((*fields, *_client_address(window)), key=lambda field: field.bit_start))
    if window.size < _FIXED:
        return ends("DHCP", fields, window, too_short("DHCP", window, _FIXED))
    cursor = Cursor(window.frame, window.start + _FIXED, window.end)
    try:
        if cursor.peek(4) == _COOKIE:
            cursor.octets("dhcp.cookie", "Magic Cookie", 4, address)
            _options(cursor)
        cursor.rest("dhcp.option.padding", "Padding")
    except TooManyFields:
        cursor.rest("dhcp.unread", "Further options")
    return ends("DHCP", fields + tuple(cursor.fields), window)


def _client_address(window: Window) -> tuple[Field, ...]:
    """The hardware address and the bytes of its field that it does not need."""
    if window.size < 44:
        return ()
    cursor = Cursor(window.frame, window.start + 28, window.start + 44)
    length = min(window.byte(2), 16)
    if length:
        cursor.octets("dhcp.hw.mac_addr", "Client MAC", length, address)
    cursor.rest("dhcp.hw.addr_padding", "Address Padding")
    return tuple(cursor.fields)


def _options(cursor: Cursor) -> None:
    while cursor.left:
        kind = cursor.peek(1)[0]
        label = numbers.DHCP_OPTIONS.get(kind, f"Option {kind}")
        if kind in (0, 255):
            cursor.octets("dhcp.option.end" if kind else "dhcp.option.pad", label, 1, hexadecimal)
            if kind:
                return
            continue
        head = cursor.peek(2)
        if len(head) < 2 or 2 + head[1] > cursor.left:
            cursor.rest("dhcp.option.unreadable", "Unreadable options")
            return
        begin, since = cursor.at, len(cursor.fields)
        cursor.number("dhcp.option.code", "Option", 1, named(numbers.DHCP_OPTIONS))
        cursor.number("dhcp.option.length", "Length", 1)
        value = _value(kind, cursor.peek(head[1]))
        if head[1]:
            start = cursor.at
            cursor.take(head[1])
            cursor.note(_key(kind), "Value", value, start, cursor.at)
        cursor.group("dhcp.option.type", label, value, begin, since)


def _key(kind: int) -> str:
    return "dhcp.option.dhcp" if kind == 53 else "dhcp.option.value"


def _value(kind: int, raw: bytes) -> str:
    if kind == 53 and len(raw) == 1:
        return named(numbers.DHCP_MESSAGES)(raw[0], raw)
    if kind in numbers.DHCP_ADDRESSES and raw and len(raw) % 4 == 0:
        return " ".join(address_text(raw[at : at + 4]) for at in range(0, len(raw), 4))
    if kind in numbers.DHCP_TEXTS:
        return safe(raw, 255)
    if kind in numbers.DHCP_NUMBERS and len(raw) in (1, 2, 4):
        return str(int.from_bytes(raw, "big"))
    if kind == 55:
        return ", ".join(numbers.DHCP_OPTIONS.get(each, str(each)) for each in raw)
    if kind == 61 and len(raw) == 7 and raw[0] == 1:
        return address_text(raw[1:])
    return octets(0, raw)
