"""Options of a SYN, whole, cut and lying."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.tcp.options import Options, read_options

MSS = b"\x02\x04\x05\xb4"
SCALE = b"\x03\x03\x07"
SACK = b"\x04\x02"
TIMES = b"\x08\x0a\x00\x00\x00\x01\x00\x00\x00\x02"
COOKIE = b"\x22\x06abcd"


def test_all_options_are_read_in_any_order_with_padding() -> None:
    found = read_options(b"\x01" + SCALE + MSS + SACK + TIMES + COOKIE + b"\x01\x00\xff\xff")
    assert found == Options(1460, 7, True, 1, 2, b"abcd")


def test_nothing_is_known_where_nothing_stands() -> None:
    assert read_options(b"") == Options()
    assert read_options(b"\x01\x01\x00") == Options()


@pytest.mark.parametrize("lie", [b"\x02\x00", b"\x02\x01", b"\x02", b"\x08\x0a\x00", b"\x03\xff\x07"])
def test_reading_stops_at_an_option_that_lies_about_its_length(lie: bytes) -> None:
    assert read_options(SACK + lie) == Options(sack_permitted=True)


def test_a_known_option_of_a_wrong_length_says_nothing() -> None:
    assert read_options(b"\x02\x03\x05" + SCALE) == Options(window_scale=7)


def test_a_shift_beyond_14_counts_as_14() -> None:
    assert read_options(b"\x03\x03\xff").window_scale == 14


@given(st.binary(max_size=60))
def test_any_bytes_can_be_read(raw: bytes) -> None:
    found = read_options(raw)
    assert found.window_scale is None or 0 <= found.window_scale <= 14
