"""WebSocket connections of the shipped captures against tshark and against what the programs said, and as of each packet."""

import json
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.dissect.packet import dissect
from netviz.explain.neighbour_notes import neighbour_notes
from netviz.explain.words import LANGUAGES, Language
from netviz.http.websocket_frames import TEXT
from netviz.lab.story import read_story
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.dissecting import carrying
from netviz.pipeline.event_stream import event_stream_of
from netviz.pipeline.lines import packet_line
from netviz.pipeline.store import Store
from netviz.pipeline.websocket import WebSocketTalk, websocket_of
from netviz.report import exchanges

CAPTURES = Path(__file__).parents[2] / "captures"
NAMES = ("websocket", "websocket-deflate", "websocket-violations")
FIELDS = (
    "frame.number", "websocket.fin", "websocket.rsv", "websocket.opcode", "websocket.mask", "websocket.masking_key",
    "websocket.payload_length", "websocket.payload_length_ext_16", "websocket.payload_length_ext_64",
    "websocket.payload.close.status_code",
)  # fmt: skip


@cache
def store_of(name: str) -> Store:
    return analyze(open_capture(str(CAPTURES / f"{name}.pcap")))


def talks(store: Store) -> list[WebSocketTalk]:
    found = (websocket_of(store, each.id) for each in store.exchanges)
    return [each for each in found if each is not None]


@pytest.mark.oracle
@pytest.mark.parametrize("name", NAMES)
def test_frames_are_those_of_tshark(name: str) -> None:
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed")
    command = ["tshark", "-n", "-r", str(CAPTURES / f"{name}.pcap"), "-Y", "websocket", "-T", "json"]
    command += [part for field in FIELDS for part in ("-e", field)]
    told = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    expected = [{key: value[0] for key, value in each["_source"]["layers"].items()} for each in told]
    found = []
    for each in sorted(
        (one for talk in talks(store_of(name)) for one in talk.frames), key=lambda one: one.frame.last_row
    ):
        frame = each.frame
        facts = {
            "frame.number": str(frame.last_row + 1),
            "websocket.fin": "1" if frame.fin else "0",
            "websocket.rsv": f"0x{frame.rsv:02x}",
            "websocket.opcode": str(frame.opcode),
            "websocket.mask": "1" if frame.mask else "0",
            "websocket.payload_length": str({7: frame.length, 16: 126, 64: 127}[frame.bits]),
        }
        facts |= {"websocket.masking_key": frame.mask.hex()} if frame.mask else {}
        facts |= {f"websocket.payload_length_ext_{frame.bits}": str(frame.length)} if frame.bits > 7 else {}
        facts |= {"websocket.payload.close.status_code": str(frame.close[0])} if frame.close else {}
        found.append(facts)
    assert [{key: value for key, value in each.items() if key != "websocket.rsv"} for each in found] == [
        {key: value for key, value in each.items() if key != "websocket.rsv"} for each in expected
    ]
    assert [int(each["websocket.rsv"], 16) for each in found] == [int(each["websocket.rsv"], 16) for each in expected]


@pytest.mark.parametrize("name", NAMES[:2])
def test_messages_are_those_that_the_programs_said(name: str) -> None:
    story = read_story(CAPTURES / f"{name}.toml").facts
    (talk,) = talks(store_of(name))
    assert talk.upgrade.is_accepted and not talk.upgrade.faults and not talk.lost
    said: dict[str, list[str]] = {"client": [], "server": []}
    for each in talk.frames:
        if each.is_last and not each.frame.is_control and each.message.content is not None:
            text, size = each.message.text, len(each.message.content)
            unit = "characters" if each.message.opcode == TEXT else "bytes"
            said[each.sender].append(text if text is not None and size < 100 else f"{size} {unit}")
    assert said["client"] == story["server_heard"]
    told = [json.loads(each) for each in story["page_was_told"]]  # type: ignore[union-attr]
    assert said["server"] == [each["said"] for each in told[:-1]]
    closes = [each.frame.close for each in talk.frames if each.frame.close is not None]
    assert closes == [(told[-1]["code"], told[-1]["reason"])] * 2


def test_the_server_closed_for_the_reason_that_is_found() -> None:
    story = read_story(CAPTURES / "websocket-violations.toml").facts
    expected = [str(each).rsplit(" ", 2)[1:] for each in story["server_said"]]  # type: ignore[union-attr]
    found = talks(store_of("websocket-violations"))
    wrong = [each.frames[0].frame.violations if each.frames else list(each.upgrade.faults) for each in found]
    assert wrong == [["unmasked"], ["not-utf-8"], ["opcode"], ["control-fragmented"], ["key", "refused"]]
    for talk, (status, code) in zip(found, expected, strict=True):
        assert talk.upgrade.is_accepted == (status == "101")
        assert [str(each.frame.close[0]) for each in talk.frames if each.frame.close] == ([code] if code != "0" else [])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*NAMES, "server-sent-events", "jsonp-and-form"])
def test_notes_of_the_past_name_no_packet_of_the_future(name: str, language: Language) -> None:
    store = store_of(name)
    seen = 0
    for as_of in range(1, len(store.packets) + 1):
        for number in range(1, store.exchange_count(as_of) + 1):
            notes = neighbour_notes(store, number, as_of, language, False)
            assert all(each.at is None or each.at.packet <= as_of for each in notes)
            seen = max(seen, len(notes))
    assert seen >= 4


@pytest.mark.parametrize("name", NAMES)
def test_evidence_leads_to_the_frames_bytes(name: str) -> None:
    store = store_of(name)
    for talk in talks(store):
        for each in talk.frames:
            assert each.at.span is not None
            first = store.packets.frame(each.at.packet - 1)[each.at.span.start]
            assert first == (each.frame.fin << 7) | each.frame.rsv << 4 | each.frame.opcode


def test_events_are_those_that_the_page_was_told_with_their_packets() -> None:
    store = store_of("server-sent-events")
    told = [json.loads(each) for each in read_story(CAPTURES / "server-sent-events.toml").facts["page_was_told"]]  # type: ignore[union-attr]
    streams = [stream for each in store.exchanges if (stream := event_stream_of(store, each.id)) is not None]
    assert len(streams) == 2
    seen = [each for stream in streams for each in stream.events if each.event.is_dispatched]
    assert [(each.event.event or "message", "\n".join(each.event.data), each.event.id) for each in seen] == [
        (each["type"], each["data"], each["id"]) for each in told
    ]
    assert streams[0].unfinished_row is not None and streams[1].unfinished_row is None
    for each in seen:
        frame = store.packets.frame(each.at.packet - 1)
        assert f"data: {each.event.data[-1]}".encode() in frame
        if each.at.span is not None:
            assert frame[each.at.span.start : each.at.span.end] == f"data: {each.event.data[0]}".encode()
    packets = [each.at.packet for each in seen]
    assert packets == sorted(set(packets))


def test_an_event_stream_that_goes_on_tells_what_has_come(talked: Callable[..., Store]) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    said = [
        (0, b"GET /e HTTP/1.1\r\nHost: h\r\n\r\n"),
        (1, head),
        (1, b"data: a\n\ndata: b"),
        (1, b"\n\n"),
        (1, b"data: c"),
    ]
    store = talked(said)
    stream = event_stream_of(store, 1)
    assert stream is not None and not stream.is_over
    assert [(each.event.data, each.at.packet) for each in stream.events] == [(["a"], 6), (["b"], 7)]
    assert [len(stream.until(as_of)) for as_of in (5, 6, 7, 8)] == [0, 1, 2, 2]
    lost = event_stream_of(talked([*said, (1, b"\n\ndata: d\n\n")], lost=(3,)), 1)
    assert lost is not None and [each.event.data for each in lost.events] == [["a"]]
    assert lost.gap_row is not None


def test_json_has_all_of_it_and_covers_secrets(talked: Callable[..., Store]) -> None:
    found = exchanges.document_of(store_of("websocket"), 2)["exchanges"][0]["detail"]["websocket"]  # type: ignore[index]
    assert found["accepted"] and found["protocol"] == "tea.v1" and len(found["frames"]) == 14
    assert found["frames"][6]["text"] == "good day, 차 한 잔?" and found["frames"][12]["close"]["code"] == 4000
    request = (
        b"GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Sec-WebSocket-Version: 13\r\n\r\n"
    )
    answer = (
        b"HTTP/1.1 101 x\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
        b'\x81\x19{"password": "green-tea"}'
    )
    store = talked([(0, request), (1, answer)])
    covered = json.dumps(exchanges.document_of(store, 1))
    assert "green-tea" not in covered and '"unmasked"' not in covered
    assert "green-tea" in json.dumps(exchanges.document_of(store, 1, True))
    assert not any("green-tea" in each.text for each in neighbour_notes(store, 1, 5, "en", False))
    assert any("green-tea" in each.text for each in neighbour_notes(store, 1, 5, "en", True))


def test_a_gap_where_a_frame_begins_ends_the_telling(talked: Callable[..., Store]) -> None:
    request = b"GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n"
    said = [(0, request), (1, b"HTTP/1.1 101 x\r\nUpgrade: websocket\r\n\r\n"), (1, b"\x81\x02hi"), (1, b"\x81\x05one"),
            (1, b"\x81\x02no"), (1, b"\x81\x02ho")]  # fmt: skip
    (talk,) = talks(talked(said, lost=(4,)))
    assert talk.lost == ("server",) and talk.frames[0].frame.payload == b"hi"
    assert talk.upgrade.faults[:2] == ("key", "version")


@pytest.mark.parametrize("name", NAMES)
def test_packets_behind_the_handshake_belong_to_it_and_are_taken_apart(name: str) -> None:
    store = store_of(name)
    for number, talk in ((each.id, websocket_of(store, each.id)) for each in store.exchanges):
        for each in talk.frames if talk is not None else ():
            row = each.at.packet - 1
            assert store.exchange_of(row) == number
            assert packet_line(store, row).protocol == "WebSocket"
            dissection = dissect(store.packets.frame(row), 1, None, *carrying(store, row))
            layer = dissection.layers[-1]
            assert layer.protocol == "WebSocket"
            starts = [field.bit_start // 8 for field in layer.fields if field.key == "websocket.frame"]
            assert each.at.span is not None and each.at.span.start in starts


def test_a_packet_in_the_middle_of_a_frame_is_the_rest_of_it() -> None:
    store = store_of("websocket")
    (long,) = [each for each in talks(store)[0].frames if each.frame.bits == 64]
    client = store.packets.value("side", long.at.packet - 1)
    rows = [
        row
        for row in range(long.at.packet, long.frame.last_row + 1)
        if store.packets.value("side", row) == client and store.packets.value("payload_length", row)
    ]
    rest = [carrying(store, row) for row in rows]
    sizes = [store.packets.value("payload_length", row) for row in rows]
    assert len(rows) > 40 and all(carried == "WebSocket" for carried, _ in rest)
    assert rest[-1][1] == sizes[-1] and all(within >= size for (_, within), size in zip(rest, sizes, strict=True))


def test_another_protocol_behind_an_upgrade_is_not_called_websocket(talked: Callable[..., Store]) -> None:
    said = [(0, b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\n\r\n"), (1, b"HTTP/1.1 101 x\r\nUpgrade: h2c\r\n\r\n"),
            (1, b"\x00\x00\x00\x04\x00\x00\x00\x00\x00")]  # fmt: skip
    store = talked(said)
    assert store.exchange_of(5) is None and packet_line(store, 5).protocol == "TCP"
