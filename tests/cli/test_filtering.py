"""`-Y` and `netviz filters` as their users meet them."""

import json
from pathlib import Path
from typing import Any

import pytest

from netviz.cli.main import main

DEMO = str(Path(__file__).parents[2] / "captures" / "demo.pcapng")
PREFLIGHTS = 'http.request.method == "OPTIONS"'


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def test_packets_that_match_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "packets", DEMO, "-Y", PREFLIGHTS).splitlines()
    assert [int(line.split()[0]) for line in lines] == [44, 58]


def test_reports_keep_what_matching_packets_belong_to(capsys: pytest.CaptureFixture[str]) -> None:
    def document(command: str, text: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(printed(capsys, command, DEMO, "--json", "-Y", text))
        return found

    assert [each["id"] for each in document("connections", "tcp.stream in {1, 3}")["connections"]] == [1, 3]
    assert [each["id"] for each in document("exchanges", "exchange == 3")["exchanges"]] == [3]
    assert [each["verdict"] for each in document("cors", "cors.verdict == blocked")["fetches"]] == ["blocked"] * 2
    summary = json.loads(printed(capsys, "summary", DEMO, "--json", "-Y", "dns"))
    assert (summary["capture"]["packets"], summary["conversations"], summary["connections"]) == (8, 4, 0)


@pytest.mark.parametrize("command", ["packets", "summary", "connections", "exchanges", "cors"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_bad_filter_is_wrong_usage_and_marked(
    command: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, DEMO, "-Y", "tcp && tcp.prot == 80", "--lang", language]) == 2
    out, err = capsys.readouterr()
    sentence, text, mark = err.splitlines()
    assert out == "" and "tcp.port" in sentence
    assert (text, mark) == ("  tcp && tcp.prot == 80", "         ^^^^^^^^")


def test_nothing_that_matches_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Nothing matches" in printed(capsys, "exchanges", DEMO, "-Y", "sctp", "--lang", "en")


def test_fields_are_listed_by_name_and_by_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    assert "tcp.analysis.retransmission" in printed(capsys, "filters", "retrans", "--lang", "en")
    assert "tcp.analysis.retransmission" in printed(capsys, "filters", "재전송", "--lang", "ko")
    assert main(["filters", "no-such-word"]) == 1
