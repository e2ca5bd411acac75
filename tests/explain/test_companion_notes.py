"""What came with a status and what did not, on the capture with a code of each kind."""

from functools import cache
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.explain.exchange_notes import exchange_notes
from netviz.explain.words import LANGUAGES, Language
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.store import Store

CODES = Path(__file__).parents[2] / "captures" / "status-codes.pcap"

# (exchange, weight, what the note says, the packet that proves it)
CASES = [
    (5, "good", "Location", 17),
    (10, "warn", "Location", 27),
    (11, "good", 'Basic realm="shop"', 29),
    (12, "bad", "WWW-Authenticate", 31),
    (14, "good", "GET, HEAD", 35),
    (15, "bad", "Allow", 37),
    (18, "plain", "30", 43),
    (20, "plain", "120", 47),
    (22, "good", "bytes 0-8/35", 51),
    (23, "good", "bytes */35", 53),
]


@cache
def store() -> Store:
    return analyze(open_capture(str(CODES)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("number", "weight", "says", "packet"), CASES, ids=[str(case[0]) for case in CASES])
def test_a_status_has_its_companion_or_lacks_it(
    language: Language, number: int, weight: str, says: str, packet: int
) -> None:
    notes = exchange_notes(store(), number, len(store().packets), language, False)
    found = [each for each in notes if each.weight == weight and says in each.text and each.at is not None]
    assert packet in [each.at.packet for each in found if each.at is not None]


@pytest.mark.parametrize(("number", "becomes"), [(6, True), (7, True), (8, False), (9, False)])
def test_redirects_that_rewrite_a_post_are_told_from_those_that_keep_it(number: int, becomes: bool) -> None:
    notes = exchange_notes(store(), number, len(store().packets), "en", False)
    assert any("turns POST into GET" in each.text for each in notes) == becomes
    assert any("keeps the method POST" in each.text for each in notes) != becomes
