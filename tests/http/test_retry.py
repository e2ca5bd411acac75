"""Retry-After as seconds from the packet's time."""

import pytest

from netviz.http.exchange import Header
from netviz.http.retry import retry_after
from netviz.model.evidence import Evidence

NOON = 1_763_985_600 * 1_000_000_000  # Mon, 24 Nov 2025 12:00:00 GMT


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30),
        (" 0 ", 0),
        ("Mon, 24 Nov 2025 12:01:00 GMT", 60),
        ("Mon, 24 Nov 2025 11:59:00 GMT", -60),
        ("9" * 30, 1 << 31),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("٣", None),
    ],
)
def test_a_delay_or_a_date(value: str, seconds: int | None) -> None:
    assert retry_after(Header("Retry-After", value, Evidence(1), Evidence(1)), NOON) == seconds
