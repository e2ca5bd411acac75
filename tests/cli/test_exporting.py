"""`netviz export` and what is taken out of one exchange: files, never written over unasked, never named by a packet."""

import csv
import json
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.cli.main import main
from netviz.pipeline.analyzer import analyze
from netviz.report import packets

CAPTURES = Path(__file__).parents[2] / "captures"
DEMO = str(CAPTURES / "demo.pcapng")
LOGIN = str(CAPTURES / "cookies-login.pcap")


def test_a_har_is_written_once_and_replaced_only_when_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "demo.har"
    assert main(["export", DEMO, "--har", "-o", str(out), "--lang", "en"]) == 0
    first = out.read_bytes()
    assert json.loads(first)["log"]["version"] == "1.2"
    assert f"{len(first)} bytes written" in capsys.readouterr().err
    out.write_bytes(b"mine")
    assert main(["export", DEMO, "--har", "-o", str(out), "--lang", "en"]) == 1
    assert out.read_bytes() == b"mine" and "--force" in capsys.readouterr().err
    assert main(["export", DEMO, "--har", "-o", str(out), "--force"]) == 0
    assert out.read_bytes() == first


def test_a_har_to_standard_output_of_what_a_filter_leaves(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["export", DEMO, "--har", "-Y", "http.request.method == PUT"]) == 0
    entries = json.loads(capsysbinary.readouterr().out)["log"]["entries"]
    assert [each["request"]["method"] for each in entries] == ["PUT"]


def test_packets_as_a_table(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["export", DEMO, "--csv"]) == 0
    rows = list(csv.DictReader(capsysbinary.readouterr().out.decode().splitlines()))
    assert main(["export", DEMO, "--json"]) == 0
    objects = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert len(rows) == len(objects) == 82
    assert [row["number"] for row in rows] == [str(each["number"]) for each in objects]
    assert [row["info"].lstrip("'") for row in rows] == [each["info"] for each in objects]


def test_no_cell_is_a_formula(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    assert main(["export", DEMO, "--csv"]) == 0
    cells = [cell for row in csv.reader(capsysbinary.readouterr().out.decode().splitlines()) for cell in row]
    assert cells and not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("name", ["demo.pcapng", "vlan.pcap", "ip-fragments.pcap", "http-pipelining.pcapng"])
def test_a_selection_has_the_same_packets(name: str, tmp_path: Path) -> None:
    source, out = str(CAPTURES / name), tmp_path / "part.pcapng"
    assert main(["export", source, "-w", str(out)]) == 0
    whole, again = analyze(open_capture(source)), analyze(open_capture(str(out)))
    assert list(packets.documents(again)) == list(packets.documents(whole))
    assert main(["export", source, "-w", str(out), "-Y", "tcp"]) == 1, "there is such a file"
    assert main(["export", source, "-w", str(out), "-Y", "frame.number <= 3", "--force"]) == 0
    part = analyze(open_capture(str(out))).packets
    assert [part.frame(row) for row in range(len(part))] == [whole.packets.frame(row) for row in range(3)]
    assert part["time"].tolist() == whole.packets["time"][:3].tolist()


def test_a_ladder_in_plain_text(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["export", str(CAPTURES / "handshake-four-way-close.pcap"), "--ladder", "0", "--lang", "ko"]) == 0
    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert "클라이언트" in lines[0]
    arrows = [line.split("|")[1] for line in lines if "|" in line]
    assert "SYN seq=0" in arrows[0] and arrows[0].endswith(">")
    assert "SYN,ACK seq=0 ack=1" in arrows[1] and arrows[1].startswith("<")
    assert len({len(arrow) for arrow in arrows}) == 1
    assert "client: ESTABLISHED" in lines[3]


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["export", DEMO, "--ladder", "99"], 2, "no connection 99"),
        (["exchanges", DEMO, "--body", "response"], 2, "--exchange"),
        (["exchanges", DEMO, "--exchange", "99", "--body", "response"], 2, "no exchange 99"),
        (["exchanges", DEMO, "--exchange", "1", "--body", "request"], 2, "no such body"),
        (["export", DEMO, "--har", "-o", "/no/such/folder/x.har"], 1, "can not be written"),
    ],
)
def test_what_can_not_be_done_is_one_line(
    arguments: list[str], status: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--lang", "en"]) == status
    printed = capsys.readouterr()
    assert says in printed.err.lower() and printed.out == "" and len(printed.err.splitlines()) == 1


def test_a_body_goes_to_a_file_as_it_was_decoded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = str(CAPTURES / "multipart-upload.pcap")
    store = analyze(open_capture(source))
    for kind, message in (("request", store.exchanges[0].request), ("response", store.exchanges[0].response)):
        assert message is not None
        out = tmp_path / kind
        arguments = ["exchanges", source, "--exchange", "1", "--body", kind, "-o", str(out)]
        assert main(arguments) == 0
        assert out.read_bytes() == store.body(message, 0).content != b""
        assert main(arguments) == 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("form", ["curl", "fetch", "url", "har"])
def test_one_request_taken_out(form: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["exchanges", LOGIN, "--exchange", "3", "--as", form, "--lang", "en"]) == 0
    printed = capsysbinary.readouterr()
    assert b"http://10.9.0.1:8080/login" in printed.out and b"green-tea" not in printed.out
    assert (b"covered" in printed.err) == (form in ("curl", "fetch"))
    assert main(["exchanges", LOGIN, "--exchange", "3", "--as", form, "--show-secrets"]) == 0
    assert (b"green-tea" in capsysbinary.readouterr().out) == (form != "url")
