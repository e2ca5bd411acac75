"""Verdicts that are only counted are those that are written down, in every browser, for all captures there are."""

from collections import Counter
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.cors.browser import PROFILES
from netviz.cors.decision.judge import judge
from netviz.pipeline.analyzer import analyze

_CAPTURES = Path(__file__).parents[3] / "captures"
_FILES = sorted(path for path in _CAPTURES.rglob("*.pcap*") if path.parent.name != "tcp")


def _exchanges(*files: Path) -> list:
    """Exchanges of captures as if they were one: a connection's number is its own in each."""
    found = []
    for number, path in enumerate(files):
        store = analyze(open_capture(str(path)))
        for index in range(store.exchange_count()):
            read = store.read(index + 1)
            assert read.client
            read.exchange.connection += number * 100_000
            found.append(read)
    return found


def test_there_are_captures() -> None:
    assert len(_FILES) > 100


@pytest.mark.parametrize("browser", PROFILES)
@pytest.mark.parametrize("ended", [True, False])
def test_counts_are_those_of_the_judgement(counted, browser, ended) -> None:
    for path in _FILES:
        exchanges = _exchanges(path)
        judged = Counter(fetch.verdict for fetch in judge(exchanges, browser, ended).fetches)
        assert counted(exchanges, browser, ended) == judged, path.name


@pytest.mark.parametrize("browser", PROFILES)
def test_what_one_capture_taught_does_not_mislead_in_another(counted, browser) -> None:
    exchanges = _exchanges(*_FILES)
    judged = Counter(fetch.verdict for fetch in judge(exchanges, browser).fetches)
    assert counted(exchanges, browser) == judged
    assert judged["blocked"] > 100
    assert judged["indeterminate"] > 10


@pytest.mark.parametrize("name", sorted(path.name for path in (_CAPTURES / "cors").glob("*closed*.pcap")))
def test_fetches_without_an_answer_are_counted_as_such(name: str) -> None:
    assert analyze(open_capture(str(_CAPTURES / "cors" / name))).verdict_counts()["none"] >= 1
