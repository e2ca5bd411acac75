"""`netviz datagrams`: text and JSON in both languages, one in depth, as of a packet, filtered, and what is not there."""

import json
from pathlib import Path
from typing import Any

import pytest

from netviz.cli.main import main

CAPTURES = Path(__file__).parents[2] / "captures"


def printed(capsys: pytest.CaptureFixture[str], name: str, *arguments: str, status: int = 0) -> str:
    assert main(["datagrams", str(CAPTURES / name), *arguments]) == status
    out = capsys.readouterr()
    return out.out if status == 0 else out.err


def document(capsys: pytest.CaptureFixture[str], name: str, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(printed(capsys, name, "--json", *arguments))
    return found


def test_requests_find_their_replies(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "udp-dns.pcap")["conversations"]
    assert len(found) == 4
    for each in found:
        asked, answered = each["datagrams"]
        assert (asked["kind"], asked["answered"], asked["tie"]) == ("request", answered["packet"], "dns-id")
        assert answered["answers"] == asked["packet"] and answered["inferred"] == []
        assert each["state"] is None and each["costs"]["packets_before_data"] == 0


def test_as_of_a_packet(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "udp-dns.pcap", "-c", "3")["conversations"]
    assert [[each["packet"] for each in one["datagrams"]] for one in found] == [[3]]
    assert found[0]["datagrams"][0]["answered"] is None
    assert "No reply up to packet 3" in printed(capsys, "udp-dns.pcap", "-c", "3", "--lang", "en")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("UDP keeps no state", "(#3)", "Packet 4 answers it", "0.119 (16 / 134)", "3: #7 #8 #9; data in #13")),
        ("ko", ("UDP는 상태를 두지 않습니다", "(#3)", "패킷 4가", "0.119 (16 / 134)", "3: #7 #8 #9, 데이터는 #13")),
    ],
)
def test_the_comparison_stands_on_the_packets_at_hand(
    capsys: pytest.CaptureFixture[str], language: str, words: tuple[str, ...]
) -> None:
    text = printed(capsys, "demo.pcapng", "--lang", language)
    assert [word for word in words if word not in text] == []


def test_one_in_depth_and_one_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "udp-dns.pcap", "--conversation", "1", "--lang", "en")
    assert "[1] UDP" in text and "[0] UDP 10" not in text and "netviz's own grouping" in text
    assert "no TCP connection up to packet 10" in text
    assert "no UDP conversation 9" in printed(capsys, "udp-dns.pcap", "--conversation", "9", "--lang", "en", status=2)


def test_a_filter_keeps_what_matching_packets_belong_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert [each["id"] for each in document(capsys, "udp-dns.pcap", "-Y", "frame.number == 6")["conversations"]] == [1]


def test_a_capture_without_udp_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert "No UDP datagram" in printed(capsys, "reset.pcap", "--lang", "en")
    assert document(capsys, "reset.pcap")["conversations"] == []
