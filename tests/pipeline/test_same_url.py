"""Exchanges for the same URL: the copy that is asked about, the refusal that is answered, and nothing invented."""

from functools import cache
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.explain.same_url_notes import same_url_notes
from netviz.explain.words import LANGUAGES, Language
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.same_url import same_url
from netviz.pipeline.store import Store

CAPTURES = Path(__file__).parents[2] / "captures"


@cache
def store_of(name: str) -> Store:
    return analyze(open_capture(str(CAPTURES / f"{name}.pcap")))


@pytest.mark.parametrize(("number", "field", "packet"), [(2, "ETag", 8), (3, "Last-Modified", 8), (4, "ETag", 8)])
def test_a_condition_names_the_copy_it_asks_about(number: int, field: str, packet: int) -> None:
    store = store_of("conditional-get")
    copy = same_url(store, number, len(store.packets)).copy
    assert copy is not None
    assert (copy.exchange, copy.field, copy.at.packet, copy.body_bytes) == (1, field, packet, 24)


def test_the_first_answer_knows_who_asks_about_it_only_when_that_has_come() -> None:
    store = store_of("conditional-get")
    assert [same_url(store, 1, as_of).asked_again for as_of in (7, 8, 16, 38)] == [(), (), (2,), (2, 3, 4)]
    assert not same_url(store, 1, 38).is_conditional


def test_credentials_answer_the_refusal_of_the_same_request() -> None:
    store = store_of("status-codes")
    challenge = same_url(store, 24, len(store.packets)).challenge
    assert challenge is not None
    assert (challenge.exchange, challenge.status, challenge.at.packet) == (11, 401, 29)
    assert [(header.name, header.name_at.packet) for header in challenge.added] == [("Authorization", 54)]
    assert same_url(store, 11, 53).answered is None
    assert same_url(store, 11, 54).answered == 24


@pytest.mark.parametrize("number", [1, 2, 12, 25])
def test_other_exchanges_have_nothing_to_do_with_it(number: int) -> None:
    found = same_url(store_of("status-codes"), number, 63)
    assert (found.copy, found.asked_again, found.challenge, found.answered) == (None, (), None, None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_with_its_packets(language: Language) -> None:
    store = store_of("conditional-get")
    told = same_url_notes(store, store.read(2), 18, language)
    assert [each.at.packet for each in told if each.at is not None] == [8, 18]
    assert "#8" in told[1].text and "179" in told[2].text
    assert same_url_notes(store, store.read(2), 17, language)[1:] == told[1:2], "the 304 has not come"
