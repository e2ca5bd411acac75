"""`netviz compare`: the questions of an IP lab, which fields change and which stay, answered on a shipped capture."""

import json
from pathlib import Path

import pytest

from netviz.cli.main import main

CAPTURE = str(Path(__file__).parents[2] / "captures" / "handshake-four-way-close.pcap")
SENT = "tcp && ip.src == 10.9.0.2"


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en", ["6 packets side by side", "stay the same: version 4", "(+1 each time)", "in 1 of 6 packets"]),
        ("ko", ["나란히 놓은 패킷 6개", "그대로: 버전 4", "(매번 +1)", "패킷 6개 중 1개에 있음"]),
    ],
)
def test_what_stays_and_what_changes_is_told(
    language: str, wanted: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", CAPTURE, "-Y", SENT, "--lang", language]) == 0
    out = capsys.readouterr().out
    assert [words for words in wanted if words not in out] == []


def test_as_json_every_value_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", CAPTURE, "-Y", SENT, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["packets"] == [3, 5, 6, 9, 10, 13] and found["left_out"] == 0
    (counted,) = [each for each in found["fields"] if each["field"] == "ip.id"]
    assert (counted["pattern"], counted["step"], counted["distinct"]) == ("counts", 1, 6)
    assert all(len(each["values"]) == 6 for each in found["fields"])


def test_what_is_left_out_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", CAPTURE, "-c", "2", "--lang", "en"]) == 0
    assert "11 more packets match" in capsys.readouterr().out


def test_nothing_that_matches_and_a_bad_filter(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", CAPTURE, "-Y", "sctp"]) == 1
    assert main(["compare", CAPTURE, "-Y", "tcp.prot == 1"]) == 2
    assert "Traceback" not in "".join(capsys.readouterr())
