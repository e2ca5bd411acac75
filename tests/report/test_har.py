"""HTTP archives of the shipped captures: by the specification's schema, by another reader, and by the packets' own times."""

import base64
import json
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from haralyzer import HarParser
from jsonschema import Draft202012Validator

from netviz.capture.opening import open_capture
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.store import Store
from netviz.report.har import HarArchive

CAPTURES = Path(__file__).parents[2] / "captures"
NAMES = sorted(path.name for path in CAPTURES.glob("*.pcap*"))
SCHEMA = Draft202012Validator(json.loads(Path(__file__).with_name("har-1.2.schema.json").read_text(encoding="utf-8")))


@cache
def store_of(name: str) -> Store:
    return analyze(open_capture(str(CAPTURES / name)))


def archive(store: Store, **options: Any) -> Any:
    return json.loads("".join(HarArchive(store, **options).parts()))


@pytest.mark.parametrize("show_secrets", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_it_is_by_the_specification_and_readers_take_it(name: str, show_secrets: bool) -> None:
    store = store_of(name)
    found = archive(store, show_secrets=show_secrets)
    SCHEMA.validate(found)
    entries = found["log"]["entries"]
    assert len(entries) == sum(each.request is not None for each in store.exchanges)
    starts = [each["startedDateTime"] for each in entries]
    assert starts == sorted(starts)
    pages = {page["id"] for page in found["log"]["pages"]}
    assert {each["pageref"] for each in entries if "pageref" in each} == pages
    reader = HarParser(found)
    in_pages = sum(len(page.entries) for page in reader.pages)
    assert in_pages == len(entries)
    assert [page.url for page in reader.pages if page.page_id in pages] == [
        page["title"] for page in found["log"]["pages"]
    ]


@pytest.mark.parametrize("name", NAMES)
def test_times_are_those_of_the_packets(name: str) -> None:
    store = store_of(name)
    for entry in archive(store)["log"]["entries"]:
        exchange = store.exchanges[entry["_exchange"] - 1]
        assert exchange.request is not None
        phases = entry["timings"]
        assert entry["time"] == pytest.approx(sum(max(each, 0) for each in phases.values()), abs=1e-5)
        assert phases["ssl"] == -1
        if exchange.response is not None:
            times = store.packets["time"]
            took = int(times[exchange.response.last_row] - times[exchange.request.first_row]) / 1e6
            # A server may answer before it has all of the request: then the phases overlap, and add up to more.
            before = max(phases["connect"], 0) + max(phases["dns"], 0)
            assert entry["time"] - before >= took - 1e-5
            if exchange.response.first_row > exchange.request.last_row and phases["blocked"] == 0:
                assert entry["time"] - before == pytest.approx(took, abs=1e-5)


def test_a_request_without_a_response_has_no_times_that_nobody_saw(talked: Callable[..., Store]) -> None:
    found = archive(talked([(0, b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")]))
    SCHEMA.validate(found)
    (entry,) = found["log"]["entries"]
    assert (entry["timings"]["wait"], entry["timings"]["receive"]) == (-1, -1)
    assert entry["response"]["status"] == 0 and entry["response"]["bodySize"] == -1
    assert entry["timings"]["connect"] == 2.0 and entry["time"] == 2.0


def test_a_response_without_a_request_is_counted_and_left_out(talked: Callable[..., Store]) -> None:
    made = HarArchive(talked([(1, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]))
    found = json.loads("".join(made.parts()))
    SCHEMA.validate(found)
    assert (made.left_out, found["log"]["entries"]) == ([1], [])
    assert "without 1 responses" in found["log"]["comment"]


def test_an_empty_capture_is_an_empty_archive(talked: Callable[..., Store]) -> None:
    found = archive(talked([]))
    SCHEMA.validate(found)
    assert found["log"]["entries"] == found["log"]["pages"] == []


def test_bodies_are_decoded_and_measured() -> None:
    for name in ("http-keep-alive.pcap", "demo.pcapng", "page-load.pcap"):
        store = store_of(name)
        for entry in archive(store)["log"]["entries"]:
            response = store.exchanges[entry["_exchange"] - 1].response
            assert response is not None
            body, content = store.body(response, int(entry["connection"])), entry["response"]["content"]
            assert content["size"] == len(body.content)
            assert entry["response"]["bodySize"] == len(body.raw)
            if body.coding:
                assert content["compression"] == len(body.content) - len(body.raw)
            if content.get("encoding") == "base64":
                assert base64.b64decode(content["text"]) == body.content
            elif body.content:
                assert content["text"].encode() == body.content


def test_a_form_and_an_upload_are_their_fields() -> None:
    multipart, urlencoded = archive(store_of("multipart-upload.pcap"))["log"]["entries"]
    name, note, picture = multipart["request"]["postData"]["params"]
    assert (name["name"], name["value"], note["value"]) == ("name", "Jeju", "첫물 녹차")
    assert picture == {"name": "picture", "fileName": "jeju.png", "contentType": "image/png"}
    assert {"name": "note", "value": "첫물 녹차"} in urlencoded["request"]["postData"]["params"]
    assert "text" not in urlencoded["request"]["postData"]


def test_cookies_have_their_attributes_and_are_covered() -> None:
    store = store_of("session-rotation.pcap")
    covered, clear = archive(store), archive(store, show_secrets=True)
    set_ = [each for entry in clear["log"]["entries"] for each in entry["response"]["cookies"]]
    assert {"name": "sid", "value": "b86e03d75c9f4e21aa", "path": "/", "httpOnly": True, "secure": False,
            "sameSite": "Lax"} in set_  # fmt: skip
    assert any("expires" in each for each in set_)
    text = json.dumps(covered)
    assert "b86e03d75c9f4e21aa" not in text and "green-tea" not in text and "black-tea" not in text


def test_a_filter_leaves_the_others_out() -> None:
    found = archive(store_of("demo.pcapng"), only=(2, 4))
    assert [each["_exchange"] for each in found["log"]["entries"]] == [2, 4]
    SCHEMA.validate(found)


def test_text_from_packets_can_not_speak_to_a_terminal(talked: Callable[..., Store]) -> None:
    request = b"GET /\x1b[2J HTTP/1.1\r\nHost: h\r\nX-A: \x9b2J \xc2\x9b2J \xe2\x80\xae\r\n\r\n"
    text = "".join(HarArchive(talked([(0, request)])).parts())
    assert all(part.isprintable() for part in text.split("\n"))
    SCHEMA.validate(json.loads(text))


def test_pages_follow_each_other_as_they_were_loaded() -> None:
    pages = archive(store_of("page-load.pcap"))["log"]["pages"]
    assert len(pages) == 2
    assert all(before["startedDateTime"] < after["startedDateTime"] for before, after in pairwise(pages))


def test_a_lookup_right_before_the_connection_is_in_the_first_entry_to_its_host() -> None:
    store = store_of("demo.pcapng")
    entries = archive(store)["log"]["entries"]
    hosts = [each["request"]["url"].split("/")[2] for each in entries]
    looked_up = [each["timings"]["dns"] > 0 for each in entries]
    assert [host for host, is_so in zip(hosts, looked_up, strict=True) if is_so] == list(dict.fromkeys(hosts))
    assert not any(each["timings"]["dns"] > 0 for each in archive(store_of("cookies-login.pcap"))["log"]["entries"])
