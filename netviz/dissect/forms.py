"""Bytes of a header -> text that a human reads. Knows no protocol; every result is safe for a terminal.

A form takes the number that the bits make (network byte order) and the whole bytes that hold them.
"""

from collections.abc import Callable, Mapping

from netviz.model.endpoint import address_text
from netviz.model.safe import safe

Form = Callable[[int, bytes], str]

_SHOWN_BYTES = 16


def number(value: int, raw: bytes) -> str:
    """Decimal."""
    return str(value)


def hexadecimal(value: int, raw: bytes) -> str:
    """`0x` and all digits of the whole bytes."""
    return f"0x{value:0{2 * len(raw)}x}"


def address(value: int, raw: bytes) -> str:
    """An IPv4 (4 bytes), IPv6 (16) or MAC (6) address; other lengths as hexadecimal."""
    return address_text(raw)


def text(value: int, raw: bytes) -> str:
    """Text as it stands, zero bytes at its end left out."""
    return safe(raw.rstrip(b"\0"), 1024)


def octets(value: int, raw: bytes) -> str:
    """The first bytes in hexadecimal, and how many there are where not all are shown."""
    shown = raw[:_SHOWN_BYTES].hex(" ")
    return f"{shown} … ({len(raw)} B)" if len(raw) > _SHOWN_BYTES else shown


def yes(value: int, raw: bytes) -> str:
    """A flag: 0 or 1."""
    return "1" if value else "0"


def signed(value: int, raw: bytes) -> str:
    """Two's complement."""
    return str(int.from_bytes(raw, "big", signed=True))


def times(factor: int) -> Form:
    """A number and what it counts for: header lengths in units of four bytes."""
    return lambda value, raw: f"{value} ({value * factor} B)"


def named(names: Mapping[int, str]) -> Form:
    """`6 (TCP)`: the number and its name, where it has one."""

    def form(value: int, raw: bytes) -> str:
        return f"{value} ({names[value]})" if value in names else str(value)

    return form


def named_hexadecimal(names: Mapping[int, str]) -> Form:
    """`0x0800 (IPv4)`."""

    def form(value: int, raw: bytes) -> str:
        digits = hexadecimal(value, raw)
        return f"{digits} ({names[value]})" if value in names else digits

    return form
