"""Bodies of a real capture in every content coding: all the same text, and a bomb that is refused and counted."""

import json
from functools import cache
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.http.exchange import Body
from netviz.model.limits import DEFAULT_LIMITS
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.store import Store
from netviz.report import exchange_depth, exchanges

CODINGS = Path(__file__).parents[2] / "captures" / "content-codings.pcap"


@cache
def store() -> Store:
    return analyze(open_capture(str(CODINGS)))


def body(number: int) -> Body:
    response = store().exchanges[number - 1].response
    assert response is not None
    return store().body(response, store().exchanges[number - 1].connection)


@pytest.mark.parametrize(("number", "coding"), [(1, ""), (2, "gzip"), (3, "deflate"), (4, "br"), (5, "zstd")])
def test_every_coding_is_undone(number: int, coding: str) -> None:
    found = body(number)
    assert (found.coding, found.problem, found.content) == (coding, "", body(1).content)
    assert len(json.loads(found.content)) == 40
    assert len(found.raw) < len(found.content) or not coding


def test_a_bomb_is_refused_and_counted() -> None:
    before = store().limit_counter.counts["body_decoded_bytes"]
    found = body(6)
    assert (found.coding, found.problem) == ("br", "bomb")
    assert len(found.raw) < 100 < len(found.content) <= DEFAULT_LIMITS.body_decoded_bytes
    assert store().limit_counter.counts["body_decoded_bytes"] == before + 1


def test_the_json_says_so() -> None:
    (found,) = exchanges.document_of(store(), 6)["exchanges"]  # type: ignore[misc]
    told = found["detail"]["messages"]["response"]["body"]
    assert (told["coding"], told["problem"], told["raw_bytes"]) == ("br", "bomb", len(body(6).raw))
    assert found["detail"]["limits_hit"]["body_decoded_bytes"] > 0


def test_trailer_fields_of_nginx_are_told() -> None:
    found = analyze(open_capture(str(CODINGS.with_name("trailers.pcap"))))
    (told,) = exchanges.document_of(found, 1)["exchanges"]  # type: ignore[misc]
    response = told["detail"]["messages"]["response"]
    assert (response["framing"], response["body"]["content_bytes"]) == ("chunked", 32)
    assert [name for name, _ in response["body"]["trailers"]] == ["Server-Timing", "X-Read"]
    text = "\n".join(line.plain for line in exchange_depth.text(found, 1, "en", False))
    assert "X-Read: whole" in text
