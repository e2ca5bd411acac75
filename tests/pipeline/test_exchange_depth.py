"""Exchanges of the shipped captures in depth: segments, times, pages, cookies, and no word of the future."""

import json
from functools import cache
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.explain.cookie_notes import jar_notes
from netviz.explain.exchange_notes import exchange_notes
from netviz.explain.words import LANGUAGES, Language
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.exchange_times import phases_of, timing_of
from netviz.pipeline.pages import page_of
from netviz.pipeline.store import Store
from netviz.report import cookies, exchange_depth, exchanges

CAPTURES = Path(__file__).parents[2] / "captures"
WITH_HTTP = ("cookies-login.pcap", "jwt-login.pcap", "http-keep-alive.pcap", "http-loss.pcap", "http-pipelining.pcapng",
             "ipv6-http.pcap", "demo.pcapng")  # fmt: skip


@cache
def store_of(name: str) -> Store:
    return analyze(open_capture(str(CAPTURES / name)))


@pytest.mark.parametrize("name", WITH_HTTP)
def test_carriers_hold_the_whole_message_and_lead_to_its_bytes(name: str) -> None:
    store = store_of(name)
    for exchange in store.exchanges:
        for message in (exchange.request, exchange.response):
            assert message is not None
            carriers = store.carriers(message, exchange.connection)
            assert [each.offset for each in carriers] == [
                sum(each.length for each in carriers[:index]) for index in range(len(carriers))
            ]
            assert sum(each.length for each in carriers) == message.body_end - message.start
            first = carriers[0]
            assert first.span is not None
            begins = store.packets.frame(first.packet - 1)[first.span.start : first.span.end]
            start = b"HTTP/1." if message.kind == "response" else message.verb.encode()
            assert begins.startswith(start)


def test_a_reply_with_a_lost_segment_lists_each_segment_once() -> None:
    store = store_of("http-loss.pcap")
    response = store.exchanges[0].response
    assert response is not None
    packets = [each.packet for each in store.carriers(response, 0)]
    assert len(packets) == len(set(packets)) > 4


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WITH_HTTP)
def test_notes_of_the_past_name_no_packet_of_the_future(name: str, language: Language) -> None:
    store = store_of(name)
    for as_of in range(1, len(store.packets) + 1, 5):
        notes = jar_notes(store, as_of, language, False)
        for number in range(1, store.exchange_count(as_of) + 1):
            notes += exchange_notes(store, number, as_of, language, False)
        later = [each for each in notes if each.at is not None and each.at.packet > as_of]
        assert not later
        assert all(each.text.isprintable() for each in notes)


@pytest.mark.parametrize("name", WITH_HTTP)
def test_phases_as_of_the_end_are_the_timing(name: str) -> None:
    store = store_of(name)
    for exchange in store.exchanges:
        phases, timing = phases_of(store, exchange, len(store.packets)), timing_of(store, exchange)
        assert phases.receive is not None and phases.wait is not None
        assert (phases.receive[1] - phases.receive[0]) / 1e9 == timing.receive
        assert (phases.wait[1] - phases.wait[0]) / 1e9 == pytest.approx(timing.wait)
        early = phases_of(store, exchange, exchange.request.head_row + 1) if exchange.request else None
        assert early is not None and early.receive is None


def test_the_page_is_found_by_referer() -> None:
    store = store_of("demo.pcapng")
    page = page_of(store, 2, len(store.packets))
    assert page.root == 1
    kinds = {each.id: each.kind for each in page.members}
    assert (kinds[1], kinds[2]) == ("document", "style")
    assert all(each.initiator == 1 for each in page.members if each.id == 2)
    assert page_of(store, 1, 14).members[0].id == 1


def test_the_login_and_its_session_are_told() -> None:
    found = cookies.document(store_of("cookies-login.pcap"), show_secrets=False)
    assert [(event["kind"], event["name"]) for event in found["events"]] == [  # type: ignore[attr-defined]
        ("set", "session"), ("set", "greeting"), ("deleted", "session"),
    ]  # fmt: skip
    assert found["logins"] == [{"exchange": 3, "result": "created", "before": None, "after": 20}]
    assert [each["name"] for each in found["sessions"]] == ["session"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", WITH_HTTP)
def test_secrets_stay_covered_until_asked_for(name: str) -> None:
    store = store_of(name)
    secrets = ("q7Zr1xkW", "green-tea", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.")
    shown = json.dumps(cookies.document(store, False)) + json.dumps(exchanges.document(store, False))
    for number in range(1, len(store.exchanges) + 1):
        shown += json.dumps(exchanges.document_of(store, number))
        shown += "\n".join(line.plain for line in exchange_depth.text(store, number, "en", False))
    assert not [secret for secret in secrets if secret in shown]


@pytest.mark.parametrize("name", WITH_HTTP)
def test_the_json_in_depth_agrees_with_the_exchange(name: str) -> None:
    store = store_of(name)
    for number in range(1, len(store.exchanges) + 1):
        found = exchanges.document_of(store, number)["exchanges"][0]  # type: ignore[index]
        messages = found["detail"]["messages"]
        for kind in ("request", "response"):
            listed = list(dict.fromkeys(each["packet"] for each in messages[kind]["segments"]))
            assert listed == found[kind]["packets"]
        assert found["detail"]["timing"] == found["timing"]
