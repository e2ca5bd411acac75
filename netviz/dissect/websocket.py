"""WebSocket frames in one segment (RFC 6455 section 5.2): each with its bits, its mask, and its payload in clear.

A frame may go on in a later segment: what is here is shown. How much of a segment is the rest of an earlier frame can not
be known from it alone, and is told from below (`Under.within`).
"""

from typing import Final

from netviz.dissect.cursor import Cursor, OutOfBytes, TooManyFields, bits_of
from netviz.dissect.forms import number, octets
from netviz.dissect.step import Step, Window, ends
from netviz.model.safe import safe

_OPCODES: Final = {0: "continuation", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong"}
_TEXT, _CLOSE = 1, 8
_VALUE_MOST: Final = 400


def websocket(window: Window) -> Step:
    """The frames of a segment, each a field with its parts."""
    cursor = Cursor(window.frame, window.start, window.end)
    try:
        if window.under.within and cursor.left:
            cursor.octets("websocket.rest", "Rest of an earlier frame", min(window.under.within, cursor.left))
        while cursor.left:
            _frame(cursor)
    except (OutOfBytes, TooManyFields):
        pass  # the frame's header goes on in a later segment, or there are more frames than are shown of one packet
    cursor.rest("websocket.part", "Part of a frame")
    return ends("WebSocket", tuple(cursor.fields), window)


def _frame(cursor: Cursor) -> None:
    begin, since = cursor.at, len(cursor.fields)
    first, second = cursor.take(2)
    try:
        cursor.fields += bits_of(cursor.frame, 8 * begin, _BITS)
        length, key = second & 0x7F, b""
        if length > 125:
            size = 2 if length == 126 else 8
            length = cursor.number(f"websocket.payload_length_ext_{8 * size}", "Extended Payload Length", size)
        if second & 0x80:
            key = cursor.octets("websocket.masking_key", "Masking Key", 4)
    except OutOfBytes:
        del cursor.fields[since:]
        cursor.at = begin
        raise
    opcode = first & 15
    here = min(length, cursor.left)
    if here:
        clear = _unmasked(cursor.peek(here), key)
        cursor.octets("websocket.payload", "Payload", here, lambda value, raw: _content(opcode, clear))
    name = _OPCODES.get(opcode, f"opcode {opcode}")
    fin = " FIN" if first & 0x80 else ""
    cursor.group("websocket.frame", "Frame", f"{name}{fin}, {length} B", begin, since)


def _opcode(value: int, raw: bytes) -> str:
    return f"{value} ({_OPCODES[value]})" if value in _OPCODES else str(value)


_BITS: Final = (
    ("websocket.fin", "Fin", 1, number),
    ("websocket.rsv", "Reserved", 3, number),
    ("websocket.opcode", "Opcode", 4, _opcode),
    ("websocket.mask", "Mask", 1, number),
    ("websocket.payload_length", "Payload Length", 7, number),
)


def _unmasked(payload: bytes, key: bytes) -> bytes:
    """RFC 6455 5.3."""
    if not key:
        return payload
    repeated = (key * (len(payload) // 4 + 1))[: len(payload)]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(len(payload), "big")


def _content(opcode: int, clear: bytes) -> str:
    """The payload unmasked: text as it reads, a close with its code, other bytes as they are."""
    if opcode == _TEXT:
        return safe(clear[: 4 * _VALUE_MOST], _VALUE_MOST)
    if opcode == _CLOSE and len(clear) >= 2:
        reason = safe(clear[2:], _VALUE_MOST)
        return f"{int.from_bytes(clear[:2], 'big')} {reason}".strip()
    return octets(0, clear)
