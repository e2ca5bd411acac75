"""What blocks without packets tell is kept, within its bound, and nothing in them can do harm."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.capture.pcapng_notes import Clock, commented, options, text_of
from netviz.model.limits import Limits

ORDERS = pytest.mark.parametrize("order", "<>")


@ORDERS
def test_comments_of_the_section_and_of_interfaces(captures, order):
    file = captures.Pcapng(order, comment="수업용 캡처").interface(1, 0, (1, b"on eth0"), (1, b"and more"))
    assert captures.read_file(file.data).info.comments == ["수업용 캡처", "on eth0", "and more"]


@ORDERS
def test_an_interface_has_a_name_and_a_description(captures, order):
    file = captures.Pcapng(order).interface(113, 96, (2, b"any"), (3, b"all of them\0")).interface()
    first, second = captures.read_file(file.data).info.interfaces
    assert (first.name, first.description, first.link_type, first.snaplen) == ("any", "all of them", 113, 96)
    assert (second.name, second.description, second.received, second.dropped) == ("", "", None, None)


@ORDERS
def test_names_of_addresses_the_first_counts(captures, order):
    records = captures.options(
        order,
        (1, bytes([10, 0, 0, 1]) + b"one.test\0alias.test\0"),
        (2, bytes(15) + b"\x01" + b"six.test\0"),
        (3, bytes.fromhex("020000000001") + b"card.test\0"),
        (1, bytes([10, 0, 0, 1]) + b"late.test\0"),
        (1, b"\x0a"),
        (77, b"of no known type"),
    )
    names = captures.read_file(captures.Pcapng(order).block(4, records).data).info.names
    assert names == {"10.0.0.1": "one.test", "::1": "six.test", "02:00:00:00:00:01": "card.test"}


@ORDERS
@pytest.mark.parametrize("found, received, dropped", [
    ({4: 100, 5: 3}, 100, 3), ({4: 100, 5: 3, 7: 4}, 100, 7), ({7: 4}, None, 4), ({8: 9}, None, None), ({}, None, None),
])  # fmt: skip
def test_statistics_of_an_interface(captures, order, found, received, dropped):
    pairs = [(code, struct.pack(order + "Q", value)) for code, value in found.items()]
    file = captures.Pcapng(order).interface().interface()
    file.block(5, struct.pack(order + "III", 1, 0, 0) + captures.options(order, *pairs))
    file.block(5, struct.pack(order + "III", 9, 0, 0) + captures.options(order, (4, bytes(8)))).block(5, bytes(4))
    first, second = captures.read_file(file.data).info.interfaces
    assert (first.received, first.dropped) == (None, None)
    assert (second.received, second.dropped) == (received, dropped)


@ORDERS
def test_secrets_are_kept(captures, order):
    log = b"CLIENT_RANDOM 00 11\n"
    file = captures.Pcapng(order).block(10, struct.pack(order + "II", 0x544C534B, len(log)) + log)
    file.block(10, struct.pack(order + "II", 1, 0xFFFFFFFF) + b"abcd").block(10, b"")
    assert captures.read_file(file.data).info.secrets == [(0x544C534B, log), (1, b"abcd")]


def test_what_is_kept_is_bounded_and_the_bound_counted(captures):
    file = captures.Pcapng(comment="12345678").interface(1, 0, (1, b"12345"))
    file.enhanced(b"x", 0, None, 0, (1, b"123")).block(10, struct.pack("<II", 1, 4) + b"abcd")
    reading = captures.read_file(file.data, Limits(capture_notes_bytes=10))
    assert (reading.info.comments, reading.info.secrets, reading.packets[0].comment) == (["12345678"], [], "")
    assert reading.info.limit_counter.counts == {"capture_notes_bytes": 3}
    assert not reading.info.cut_short


def test_bytes_that_are_no_text_stay_to_be_seen(captures):
    assert captures.read_file(captures.Pcapng().interface(1, 0, (1, b"\xff\x1b[2J")).data).info.comments == [
        "\\xff\x1b[2J"
    ]


@given(body=st.binary(max_size=80), order=st.sampled_from("<>"))
def test_options_of_any_bytes_stay_inside(body, order):
    found = list(options(body, order))
    assert sum(4 + len(value) for _, value in found) <= len(body)
    for _, value in found:
        text_of(value)


@given(body=st.binary(max_size=80), order=st.sampled_from("<>"))
def test_comments_are_found_where_walking_the_options_finds_them(body, order):
    starts, stops = np.array([3]), np.array([3 + len(body)])
    expected = [0] if any(code == 1 for code, _ in options(body + bytes(0), order)) else []
    found = commented(b"abc" + body, starts, stops, order)
    # A comment that is longer than its block counts as found here, and as empty when it is read.
    assert set(expected) <= set(found) <= {0}


@given(
    ticks=st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=5),
    steps=st.one_of(st.integers(0, 19).map(lambda power: 10**power), st.integers(0, 127).map(lambda power: 2**power)),
    offset=st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-10, 10**10)),
)
def test_a_clock_is_exact_and_held_within_64_bits(ticks, steps, offset):
    times = Clock(steps, offset).nanoseconds(np.array(ticks, np.uint64))
    for tick, time in zip(ticks, times.tolist(), strict=True):
        exact = offset * 10**9 + tick * 10**9 // steps
        assert time == min(max(exact, -(2**63)), 2**63 - 1)
