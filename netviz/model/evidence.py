"""Which packet, and which bytes in it, prove a fact. Knows nothing else."""

from typing import NamedTuple


class Span(NamedTuple):
    """Half-open range of byte offsets, counted from the first captured byte of a frame."""

    start: int
    end: int


class Evidence(NamedTuple):
    """A packet number (from 1) and, where one can be named, the bytes in that packet."""

    packet: int
    span: Span | None = None
