"""Where redirects led on the shipped captures: by URL and by a method that a redirect allows, soon, and as of a packet."""

from functools import cache
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.redirects import followed
from netviz.pipeline.store import Store

CAPTURES = Path(__file__).parents[2] / "captures"


@cache
def store_of(name: str) -> Store:
    return analyze(open_capture(str(CAPTURES / f"{name}.pcap")))


@pytest.mark.parametrize(
    ("name", "number", "after"),
    [
        ("cookies-login", 1, 2),
        ("cookies-login", 3, 4),
        ("session-rotation", 3, 5),
        ("status-codes", 5, None),  # /ok is asked for again, but by PUT
        ("status-codes", 10, None),  # no Location
        ("status-codes", 1, None),  # no redirect
    ],
)
def test_a_redirect_leads_to_the_next_request_for_its_location(name: str, number: int, after: int | None) -> None:
    store = store_of(name)
    assert followed(store, number, len(store.packets)) == after


def test_it_is_known_when_that_request_has_come() -> None:
    store = store_of("cookies-login")
    assert [followed(store, 1, as_of) for as_of in (7, 9, 10)] == [None, None, 2]
