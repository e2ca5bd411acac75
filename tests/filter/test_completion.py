"""What is offered while a filter is typed."""

from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.filter.completion import completions
from netviz.filter.fields import FIELDS
from netviz.filter.rows import Reading
from netviz.filter.seen import values_seen
from netviz.pipeline.analyzer import analyze

CAPTURES = Path(__file__).parents[2] / "captures"

OFFERED = {
    "http.request.m": ["http.request.method"],
    "tcp.port ": ["==", "!=", "<", "<=", ">", ">=", "in", "&", "&&", "||"],
    "tcp && ud": ["udp", "udp.checksum"],
    "http.request.method == ": ['"GET"'],
    'http.request.method == "OP': ['"OPTIONS"'],
    "tcp.stream in {1, ": ["2"],
    "arp.opcode == 1 ": ["&&", "||"],
    "cors.verdict == ": ['"allowed"'],
    "ip.addr == 10.9": ["10.9.0.2"],
}


@pytest.mark.parametrize("text", OFFERED)
def test_what_fits_is_offered(text: str) -> None:
    reading = Reading(analyze(open_capture(str(CAPTURES / "demo.pcapng"))))
    offered = [each.text for each in completions(text, len(text), lambda field: values_seen(reading, field))]
    assert [word for word in OFFERED[text] if word not in offered] == []


def test_what_is_taken_stands_in_the_place_of_what_was_typed() -> None:
    (only, *_) = completions("tcp && udp.dst", 14, lambda field: ())
    assert only.applied("tcp && udp.dst") == ("tcp && udp.dstport ", 19)


def test_any_text_can_be_completed() -> None:
    for text in ("", "(((", '"', "tcp.port in {", "} {", "== ==", "\N{HANGUL SYLLABLE GA}", "in in"):
        for cursor in range(len(text) + 1):
            assert all(each.field is None or each.field in FIELDS for each in completions(text, cursor, lambda _: ()))
