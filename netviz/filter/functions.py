"""Fields made of other fields: parts of bytes (`frame[0:4]`), `len`, `count`, `lower`, `upper`, `string`.

A `Derived` field is read like any other: its values come from those of the field inside it. Wireshark's names and meaning.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from netviz.filter.headers import presence, start_of
from netviz.filter.part import Array, Dense, Mask, Part, Sparse, Values
from netviz.filter.spelling import written
from netviz.filter.syntax import Derived, Field, Kind, Slice

_TEXTS: Final[tuple[Kind, ...]] = ("text", "name")
_ADDRESSES: Final[tuple[Kind, ...]] = ("mac", "ipv4", "ipv6")
_OCTETS: Final[tuple[Kind, ...]] = ("protocol", "bytes", "slice", *_ADDRESSES, *_TEXTS)
FUNCTIONS: Final[dict[str, tuple[Kind, tuple[Kind, ...]]]] = {
    "len": ("number", _OCTETS),
    "count": ("number", (*_OCTETS, "number", "boolean", "seconds")),
    "lower": ("text", _TEXTS),
    "upper": ("text", _TEXTS),
    "string": ("text", ("number", "boolean", *_ADDRESSES, *_TEXTS)),
}
"""Name -> the kind of what it gives, and the kinds of fields that it takes."""
SLICED: Final = _OCTETS
"""Kinds of fields of which parts can be taken."""


def values_of(field: Derived, inner: list[Values], part: Part) -> list[Values]:
    """Values of a field made of another; `inner` are the other's."""
    if field.function == "[]":
        return _sliced(field, inner, part)
    if field.function == "count":
        return [_counted(inner, part)]
    if field.function == "len":
        return _lengths(field.inner, inner, part)
    if field.function == "string":
        return [_each(values, lambda value: _spelled(field.inner, value)) for values in inner]
    change: Callable[[str], str] = str.lower if field.function == "lower" else str.upper
    return [_relabelled(values, change) for values in inner]


def _relabelled(values: Values, change: Callable[[str], str]) -> Values:
    if isinstance(values, Dense) and values.labels is not None:
        return values._replace(labels=tuple(map(change, values.labels)))
    return _each(values, lambda value: change(str(value)))


def _each(values: Values, change: Callable[[Any], Any]) -> Sparse:
    """Every value changed, each distinct one once."""
    if isinstance(values, Dense):
        at = np.flatnonzero(values.present)
        given = [row.tobytes() for row in values.data[at]] if values.data.ndim == 2 else values.data[at].tolist()
        if values.labels is not None:
            given = [values.labels[number] for number in given]
    else:
        at, given = values.at, values.data
    known = {value: change(value) for value in dict.fromkeys(given)}
    return Sparse(at, [known[value] for value in given])


def _spelled(field: Field, value: Any) -> str:
    return value if isinstance(value, str) else written(field.kind, value) or ""


def _counted(inner: list[Values], part: Part) -> Dense:
    counts = np.zeros(len(part), np.int64)
    for values in inner:
        if isinstance(values, Dense):
            counts += values.present
        else:
            counts += np.bincount(values.at, minlength=len(part))
    return Dense(counts > 0, counts)


def _lengths(field: Field, inner: list[Values], part: Part) -> list[Values]:
    if field.kind in ("protocol", "bytes"):
        there, start, end = extent(field, inner, part)
        return [Dense(there, end - start)]
    found: list[Values] = []
    for values in inner:
        if isinstance(values, Dense) and values.data.ndim == 2:
            found.append(Dense(values.present, np.full(len(part), values.data.shape[1], np.int64)))
        else:
            found.append(_each(values, lambda value: len(_octets(value))))
    return found


def _octets(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogateescape")


def extent(field: Field, inner: list[Values], part: Part) -> tuple[Mask, Array, Array]:
    """For a protocol or a payload: where it is there, where in the frame it begins, and where it ends; shape (n,) each."""
    there = part.none()
    for values in inner:
        if isinstance(values, Dense):
            there = there | values.present
    protocol, _, is_payload = field.name.partition(".")
    carried = is_payload or protocol == "http"
    start = np.maximum(part.column("payload_offset") if carried else start_of(part, protocol), 0)
    captured = part.column("captured")
    payload_end = part.column("payload_offset") + part.column("payload_length")
    known = (presence(part, "tcp") | presence(part, "udp")) & (protocol not in ("frame", "eth", "http"))
    end = np.where(known, np.minimum(payload_end, captured), captured)
    return there, start.astype(np.int64), np.maximum(end, start).astype(np.int64)


def _sliced(field: Derived, inner: list[Values], part: Part) -> list[Values]:
    if field.inner.kind in ("protocol", "bytes"):
        there, start, end = extent(field.inner, inner, part)
        if len(field.slices) == 1 and field.slices[0].fixed:
            return _read_at(field, there, start, end, part)
        return [_read_each(field, there, start, end, part)]
    found: list[Values] = []
    for values in inner:
        cut = _each(values, lambda value: taken(_octets(value), field.slices))
        rows = [(at, value) for at, value in zip(cut.at.tolist(), cut.data, strict=True) if value is not None]
        found.append(Sparse(np.array([at for at, _ in rows], np.int64), [value for _, value in rows]))
    return found


def _above_ip(field: Field) -> bool:
    """Whether it is read in the datagram where that came in fragments."""
    return field.name.partition(".")[0] not in ("frame", "eth", "vlan", "llc", "arp", "ip", "ipv6")


def _read_at(field: Derived, there: Mask, start: Array, end: Array, part: Part) -> list[Values]:
    """Bytes at a place from the front, so many, of all packets at once; those that end sooner have what there is."""
    piece = field.slices[0]
    assert piece.length is not None
    whole = there & (start + piece.start + piece.length <= end)
    short = there & ~whole & (start + piece.start < end)
    read = Dense(*part.octets(whole, start + piece.start, piece.length, _above_ip(field.inner)))
    return [read, _read_each(field, short, start, end, part)] if short.any() else [read]


def _read_each(field: Derived, there: Mask, start: Array, end: Array, part: Part) -> Sparse:
    at: list[int] = []
    found: list[bytes] = []
    for row in np.flatnonzero(there).tolist():
        packet = part.first + row
        whole = part.packets.reassembled.get(packet) if _above_ip(field.inner) else None
        octets = (
            part.packets.frame(packet)[int(start[row]) : int(end[row])] if whole is None else whole[int(start[row]) :]
        )
        value = taken(octets, field.slices)
        if value is not None:
            at.append(row)
            found.append(value)
    return Sparse(np.array(at, np.int64), found)


def taken(octets: bytes, slices: tuple[Slice, ...]) -> bytes | None:
    """The named parts of some bytes, one after the other, as far as there are bytes; None where there are none."""
    found = []
    for piece in slices:
        first = piece.start if piece.start >= 0 else len(octets) + piece.start
        last = len(octets) if piece.length is None else first + piece.length
        if piece.end is not None:
            last = (piece.end if piece.end >= 0 else len(octets) + piece.end) + 1
        if first < 0 or last <= first or first >= len(octets):
            return None
        found.append(octets[first:last])
    return b"".join(found)
