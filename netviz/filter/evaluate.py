"""An expression over a part of the packet table: a mask of the rows that match it. Numbers go by whole columns."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from netviz.filter.headers import presence, start_of
from netviz.filter.part import Array, Dense, Mask, Part, Sparse, Values
from netviz.filter.pattern import Pattern
from netviz.filter.syntax import (
    Comparison,
    Exists,
    Expression,
    Field,
    Join,
    Membership,
    Not,
    Operator,
    Range,
    Single,
    Value,
)

Reads = Callable[[Field, Part], list[Values]]
"""A field's values in a part."""

_ORDER: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "&": lambda one, other: one & other != 0,
}


def matching(expression: Expression, part: Part, reads: Reads) -> Mask:
    """Which rows match. Shape (n,)."""
    if isinstance(expression, Join):
        left, right = matching(expression.left, part, reads), matching(expression.right, part, reads)
        return (
            left & right
            if expression.operator == "&&"
            else left | right
            if expression.operator == "||"
            else left ^ right
        )
    if isinstance(expression, Not):
        return ~matching(expression.part, part, reads)
    if isinstance(expression, Exists):
        return _present(expression.field, part, reads)
    if isinstance(expression, Membership):
        return _gathered(expression.field, part, reads, _member_test(expression.members), False)
    if isinstance(expression.other, Field):
        return _between(expression, expression.other, part, reads)
    if expression.field.kind in ("protocol", "bytes"):
        return _searched(expression, part, reads)
    return _gathered(expression.field, part, reads, _test(expression.operator, expression.other), expression.every)


def _present(field: Field, part: Part, reads: Reads) -> Mask:
    found = part.none()
    for values in reads(field, part):
        if isinstance(values, Dense):
            found |= values.present
        else:
            found[values.at] = True
    return found


Test = Callable[[Array], Mask]


def _gathered(field: Field, part: Part, reads: Reads, test: Test, every: bool) -> Mask:
    """Rows of which one value (or every value, and there is one) passes a test."""
    present, hit, miss = part.none(), part.none(), part.none()
    for values in reads(field, part):
        if isinstance(values, Dense):
            passed = test(values.data) if values.labels is None else test(_objects(values.labels))[values.data]
            present |= values.present
            hit |= passed & values.present
            miss |= values.present & ~passed
        elif len(values.at):
            passed = _sparse_passed(values, test)
            present[values.at] = True
            hit[values.at[passed]] = True
            miss[values.at[~passed]] = True
    return present & ~miss if every else hit


def _sparse_passed(values: Sparse, test: Test) -> Mask:
    """Each distinct value is tested once."""
    distinct = list(dict.fromkeys(values.data))
    passed = dict(zip(distinct, test(_objects(distinct)).tolist(), strict=True))
    return np.array([passed[value] for value in values.data], np.bool_)


def _objects(values: Any) -> Array:
    array = np.empty(len(values), object)
    array[:] = values
    return array


def _test(operator: Operator, single: Single) -> Test:
    value, bits = single.value, single.bits
    if operator in ("contains", "matches"):
        return _text_test(operator, value)
    if isinstance(value, bytes):
        return lambda data: _address_test(data, operator, value, bits)
    compare = _ORDER[operator]
    return lambda data: np.asarray(compare(data, value), np.bool_)


def _text_test(operator: Operator, value: object) -> Test:
    if operator == "contains":
        if isinstance(value, bytes):
            return lambda data: np.array([value in _octets(row) for row in data], np.bool_)
        return lambda data: np.array([str(value) in str(each) for each in data], np.bool_)
    pattern = Pattern(str(value))
    return lambda data: np.array([pattern.found_in(_octets(each)) for each in data], np.bool_)


def _octets(value: Any) -> bytes:
    """A value as bytes: of a slice, of an address, of a text."""
    if isinstance(value, bytes):
        return value
    return value.tobytes() if isinstance(value, np.ndarray) else str(value).encode("utf-8", "surrogateescape")


def _address_test(data: Array, operator: Operator, value: bytes, bits: int | None) -> Mask:
    """Addresses against an address or a network: only its first bits count, on both sides; parts of bytes against bytes."""
    width = len(value)
    if data.ndim != 2 or data.shape[1] != width:
        compare = _ORDER[operator]
        return np.array([compare(_octets(each), value) for each in data], np.bool_)
    mask = np.frombuffer(
        ((1 << 8 * width) - 1 - ((1 << (8 * width - (8 * width if bits is None else bits))) - 1)).to_bytes(width),
        np.uint8,
    )
    wanted = np.frombuffer(value, np.uint8) & mask
    given = data & mask if bits is not None else data
    if operator in ("==", "!="):
        equal: Mask = (given == wanted).all(axis=1)
        return equal if operator == "==" else ~equal
    return _ORDER[operator](_ranks(given, wanted), 0)  # type: ignore[no-any-return]


def _ranks(data: Array, wanted: Array) -> Array:
    """-1, 0 or 1 for addresses before, at or after the wanted one."""
    found = np.zeros(len(data), np.int8)
    for index in reversed(range(data.shape[1])):
        here = np.sign(data[:, index].astype(np.int16) - wanted[..., index].astype(np.int16)).astype(np.int8)
        found = np.where(here == 0, found, here)
    return found


def _range_test(limits: Range) -> Test:
    low, high = _test(">=", limits.low), _test("<=", limits.high)
    return lambda data: low(data) & high(data)


def _member_test(members: tuple[Single | Range, ...]) -> Test:
    tests = [_test("==", each) if isinstance(each, Single) else _range_test(each) for each in members]

    def test(data: Array) -> Mask:
        found = np.zeros(len(data), np.bool_)
        for one in tests:
            found |= one(data)
        return found

    return test


def _between(comparison: Comparison, other: Field, part: Part, reads: Reads) -> Mask:
    """A field against a field: each value with each."""
    present, hit, miss = part.none(), part.none(), part.none()
    for one in reads(comparison.field, part):
        for two in reads(other, part):
            if not isinstance(one, Dense) or not isinstance(two, Dense):
                one, two = _dense(one, part), _dense(two, part)
            both = one.present & two.present
            if one.data.ndim == 2:
                passed = _ORDER[comparison.operator](_ranks(one.data, two.data), 0)
            else:
                passed = _ORDER[comparison.operator](one.data.astype(np.int64), two.data.astype(np.int64))
            present |= both
            hit |= both & passed
            miss |= both & ~passed
    return present & ~miss if comparison.every else hit


def _dense(values: Values, part: Part) -> Dense:
    if isinstance(values, Dense):
        return values
    present, data = part.none(), np.zeros(len(part), np.int64)
    present[values.at] = True
    data[values.at] = values.data
    return Dense(present, data)


def _searched(comparison: Comparison, part: Part, reads: Reads) -> Mask:
    """Frames in which bytes, or a pattern, are found from a header (or a payload) on."""
    name = comparison.field.name
    found = _present(comparison.field, part, reads)
    assert isinstance(comparison.other, Single)
    test = _octets_test(comparison.other.value)
    protocol, _, is_payload = name.partition(".")
    start = part.column("payload_offset") if is_payload else start_of(part, protocol)
    end = _ends(part, protocol)
    for row in np.flatnonzero(found).tolist():
        packet = part.first + row
        whole = part.packets.reassembled.get(packet) if protocol in ("tcp", "udp", "icmp", "icmpv6") else None
        data = part.packets.frame(packet)[: int(end[row])] if whole is None else whole
        found[row] = test(data[max(int(start[row]), 0) :])
    return found


def _octets_test(value: Value) -> Callable[[bytes], bool]:
    if isinstance(value, bytes):
        wanted = value
        return lambda data: wanted in data
    return Pattern(str(value)).found_in


def _ends(part: Part, protocol: str) -> Array:
    """Where what a protocol covers ends in the frame: at its payload's end where that is known."""
    captured = part.column("captured")
    ends = part.column("payload_offset") + part.column("payload_length")
    known = presence(part, "tcp") | presence(part, "udp")
    return np.where(known & (protocol not in ("frame", "eth", "http")), np.minimum(ends, captured), captured)
