"""Names of link types."""

import pytest

from netviz.capture.link_types import LINK_TYPES, link_type_name


@pytest.mark.parametrize("number, name", [
    (0, "BSD loopback"), (1, "Ethernet"), (101, "Raw IP"), (12, "Raw IP"), (113, "Linux cooked"),
    (276, "Linux cooked v2"),
    (127, "802.11 with radiotap"), (228, "Raw IPv4"), (65000, "LINKTYPE 65000"),
])  # fmt: skip
def test_names(number, name):
    assert link_type_name(number) == name


def test_the_table_holds_16_bit_numbers_and_distinct_names():
    assert all(0 <= number < 1 << 16 for number in LINK_TYPES)
    names = [name for number, name in LINK_TYPES.items() if number not in (12, 14)]
    assert len(names) == len(set(names))
