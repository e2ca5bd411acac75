"""TLS connections of a shipped capture, against tshark and against what curl measured; and as of each packet."""

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.explain.tls_notes import known_talks, tls_notes, version_name
from netviz.explain.words import LANGUAGES, Language
from netviz.lab.story import read_story
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.store import Store
from netviz.pipeline.tls_talks import TlsTalk, tls_connections, tls_talk
from netviz.report import exchanges

CAPTURES = Path(__file__).parents[2] / "captures"
HTTPS = CAPTURES / "https.pcap"


@cache
def store_of(name: str) -> Store:
    return analyze(open_capture(str(CAPTURES / name)))


def talks() -> list[TlsTalk]:
    store = store_of("https.pcap")
    found = [tls_talk(store, each) for each in tls_connections(store)]
    assert None not in found
    return [each for each in found if each is not None]


def test_hellos_handshake_and_turns() -> None:
    for talk, version in zip(talks(), ("TLS 1.3", "TLS 1.2"), strict=True):
        assert talk.client_hello is not None and talk.server_hello is not None and talk.done_row is not None
        assert talk.client_hello.server_name == "shop.example"
        assert version_name(talk.server_hello.version) == version
        assert talk.client_hello.row < talk.server_hello.row < talk.done_row
        assert all(talk.done_row < turn.first_row <= turn.last_row for turn in talk.turns)
        # The page has 1560 bytes; its head, and what encryption adds, come to it.
        assert max(turn.size for turn in talk.turns if turn.sender == "server") > 1560
        assert not talk.cut


def test_the_handshake_took_no_longer_than_curl_says() -> None:
    store = store_of("https.pcap")
    for talk, said in zip(talks(), read_story(CAPTURES / "https.toml").facts["curl_said"], strict=True):  # type: ignore[arg-type]
        _, connect, ready, _ = str(said).split()
        assert talk.client_hello is not None and talk.done_row is not None
        took = (store.packets.value("time", talk.done_row) - store.packets.value("time", talk.client_hello.row)) / 1e9
        # curl's clock starts before the Client Hello is made; the kernel may take the last segment a moment later.
        assert 0 < took <= float(ready) - float(connect) + 0.001


@pytest.mark.oracle
def test_records_are_those_of_tshark() -> None:
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed")
    fields = (
        "tcp.stream",
        "tls.record.content_type",
        "tls.record.opaque_type",
        "tls.record.length",
        "tls.handshake.extensions_server_name",
    )
    command = ["tshark", "-n", "-r", str(HTTPS), "-d", "tcp.port==8443,tls", "-Y", "tls", "-T", "json"]
    command += [part for field in fields for part in ("-e", field)]
    told = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    layers = [each["_source"]["layers"] for each in told]
    for talk in talks():
        own = [each for each in layers if each["tcp.stream"] == [str(talk.connection)]]
        names = {name for each in own for name in each.get("tls.handshake.extensions_server_name", [])}
        assert names == {"shop.example"}
        sizes = [int(length) for each in own for length in each.get("tls.record.length", [])]
        assert sum(turn.size for turn in talk.turns) <= sum(sizes)
        for turn in talk.turns:
            assert turn.records > 1 or turn.size in sizes


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_of_the_past_name_no_packet_of_the_future(language: Language) -> None:
    store, before = store_of("https.pcap"), 0
    for as_of in range(1, len(store.packets) + 1):
        notes = tls_notes(store, as_of, language)
        assert all(each.at is None or each.at.packet <= as_of for each in notes)
        assert len(notes) >= before
        before = len(notes)
    assert before == 18


def test_json_and_captures_without_tls() -> None:
    found = exchanges.document(store_of("https.pcap"))
    assert found["exchanges"] == []
    first, second = found["tls"]  # type: ignore[misc]
    assert (first["version"], second["version"]) == ("TLS 1.3", "TLS 1.2")
    assert first["server_name"] == "shop.example" and first["tls"] > 0 and first["connect"] > 0
    assert [each["from"] for each in second["data"]][:2] == ["client", "server"]
    clear = store_of("demo.pcapng")
    assert exchanges.document(clear)["tls"] == [] and known_talks(clear, len(clear.packets)) == []
