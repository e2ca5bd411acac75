"""`netviz explain --fields` and `--json`: every field with its bytes, on frames of shipped captures and on a broken one."""

import json
from pathlib import Path
from typing import Any

import pytest

from netviz.capture.opening import open_capture
from netviz.cli.main import main
from netviz.dissect.packet import dissect
from netviz.explain.words import LANGUAGES, Language
from netviz.model.layers import Dissection
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.dissecting import dissected
from netviz.report import fields
from netviz.report.form import json_text

CAPTURES = Path(__file__).parents[2] / "captures"
FILES = ("demo.pcapng", "arp-ping.pcap", "ip-fragments.pcap", "ipv6-http.pcap", "vlan.pcap", "udp-dns.pcap")


def dissections(name: str) -> list[Dissection]:
    store = analyze(open_capture(str(CAPTURES / name)))
    return [dissected(store, row) for row in range(min(len(store.packets), 30))]


def nested(found: list[Any]) -> list[Any]:
    return [each for one in found for each in (one, *nested(one["fields"]))]


@pytest.mark.parametrize("name", FILES)
def test_every_field_lies_in_the_frame_and_parts_in_their_field(name: str) -> None:
    for number, found in enumerate(dissections(name), 1):
        told = json.loads(json_text(fields.document(found, number)))
        assert told["packet"] == number and told["broken"] is None
        for layer in told["layers"]:
            for each in nested(layer["fields"]):
                start, end = each["span"]
                assert 0 <= start < end <= told["captured"] or start == end
                assert start == each["bits"][0] // 8
                for part in each["fields"]:
                    assert each["bits"][0] <= part["bits"][0] <= part["bits"][1] <= each["bits"][1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_has_a_line_for_each_field(language: Language) -> None:
    for number, found in enumerate(dissections("demo.pcapng"), 1):
        lines = [line.plain for line in fields.text(found, number, language)]
        told = fields.document(found, number)["layers"]
        assert isinstance(told, list)
        placed = [line for line in lines if line[:5].strip().isdigit() and line[6:8] == "0x"]
        assert len(placed) == sum(1 + len(nested(layer["fields"])) for layer in told)
        assert all(int(line[:5]) == int(line[6:12], 16) for line in placed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_a_frame_ends_early_is_said(language: Language) -> None:
    whole = analyze(open_capture(str(CAPTURES / "demo.pcapng"))).packets.frame(12)
    found = dissect(whole[:40], 1, len(whole), None)
    assert found.broken is not None
    assert [line.plain for line in fields.text(found, 1, language)][-1].startswith("✗ ")
    told = fields.document(found, 1)["broken"]
    assert isinstance(told, dict) and told["offset"] == found.broken.offset


def test_a_packet_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(CAPTURES / "reset.pcap"), "999", "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and "999" in said.err
