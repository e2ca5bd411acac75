"""The commands of live capture: what they print, what they refuse, and that both languages have the words."""

import json
import re
from pathlib import Path

import pytest

from netviz.capture.readiness import Check
from netviz.cli.live_arguments import bounds
from netviz.cli.main import main
from netviz.errors import BadArgument
from netviz.explain.live import closing_lines, gauges, note_sentence
from netviz.explain.words import has
from netviz.model.live import LiveState, Note
from netviz.report import doctor

PACKAGE = Path(__file__).parents[2] / "netviz"


def test_interfaces_as_a_table_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["interfaces", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert "lo" in [each["name"] for each in found["interfaces"]]
    assert isinstance(found["may_capture"], bool)
    for language, word in (("en", "Addresses"), ("ko", "주소")):
        assert main(["-D", "--lang", language]) == 0
        printed = capsys.readouterr().out
        assert word in printed and re.search(r"^\s*\d+\s+lo\b", printed, re.M)


def test_the_doctor_says_something_of_everything(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["doctor", "--json"])
    found = json.loads(capsys.readouterr().out)["checks"]
    assert {"versions", "libpcap", "ring", "room", "interfaces"} <= {each["check"] for each in found}
    assert status == any(each["state"] == "missing" for each in found)
    assert main(["doctor", "--lang", "ko"]) == status
    assert "scapy" in capsys.readouterr().out


def test_who_may_not_capture_is_told_what_to_type() -> None:
    found = [Check("permission", "missing"), Check("libpcap", "ok")]
    for language in ("en", "ko"):
        ways = doctor.remedies(found, language, "/a/netviz", "eth0", "ann")
        typed = [command for _, command in ways]
        assert typed[0] == "sudo /a/netviz live -i eth0"
        assert any("tcpdump -i eth0" in each for each in typed)
    assert doctor.remedies([Check("permission-root", "ok")], "en", "netviz", "lo", "ann") == []


def test_every_check_and_note_that_the_sources_name_has_its_words() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    notes = set(re.findall(r'\.note\(\s*"([\w-]+)"', sources)) | set(re.findall(r'_reached\("(\w+)"', sources))
    assert len(notes) >= 9
    assert [key for key in notes if not has(f"live.note.{key}")] == []
    machine = "".join(
        (PACKAGE / name).read_text(encoding="utf-8") for name in ("cli/machine.py", "capture/readiness.py")
    )
    checks = set(re.findall(r'Check\(\s*"([\w-]+)", "(\w+)"', machine))
    assert len(checks) >= 8
    assert [key for key, state in checks if not has(f"doctor.{key}.{state}")] == []


@pytest.mark.parametrize(
    "option, given, found",
    [
        ("-a", ["duration:1.5"], {"duration": 1.5}),
        ("-a", ["packets:10", "filesize:2"], {"packets": 10, "filesize": 2000}),
        ("-b", ["files:3", "duration:60"], {"files": 3, "duration": 60}),
        ("--keep", [], {}),
    ],
)
def test_conditions_are_tsharks(option: str, given: list[str], found: dict[str, float]) -> None:
    assert bounds(option, given) == found


@pytest.mark.parametrize(
    "given", ["x", "duration", "duration:", "packets:1.5", "packets:0", "files:-1", "filesize:9e99"]
)
def test_a_condition_that_is_none_is_refused(given: str) -> None:
    with pytest.raises(BadArgument):
        bounds("-a", [given])
    with pytest.raises(BadArgument):
        bounds("--keep", ["files:3"])


@pytest.mark.parametrize(
    "arguments, word",
    [
        (["-i", "no-such0"], "no-such0"),
        (["-i", "lo", "-f", "tcp prot 80"], "^^^^"),
        (["-i", "lo", "-f", "host example.com"], "example.com"),
        (["-i", "lo", "-b", "files:3"], "-w"),
        (["-i", "lo", "-w", "x", "-b", "files:3"], "-b"),
        (["-i", "lo", "-a", "moons:3"], "moons:3"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_can_not_be_captured_is_one_clear_answer(
    arguments: list[str], word: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["live", *arguments, "--text", "--lang", language]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and word in printed.err
    assert printed.err.startswith("netviz: ")


def test_gauges_always_say_what_was_lost() -> None:
    state = LiveState(
        captured=12_345, dropped_by_kernel=3, dropped_by_queue=4, waiting=1, newest=5_000_000, analysed_to=1
    )
    for language in ("en", "ko"):
        assert all("7" in form for form in gauges(state, language))
        assert "12,345" in gauges(state, language)[0] and "5" in gauges(state, language)[1]
        state.file, state.written = "x.pcapng", 12_345
        assert any("x.pcapng" in line for line in closing_lines(state, language))
        assert "eth0" in note_sentence(Note("down", {"interface": "eth0"}), language)
    assert state.lag == 4_999_999
    state.waiting = 0
    assert state.lag == 0


@pytest.mark.parametrize(
    "language, words", [("en", "7 packets written to 3 files in turn"), ("ko", "패킷 7개를 파일 3개에 차례로 기록")]
)
def test_a_ring_of_files_is_not_said_to_be_one(language, words) -> None:  # type: ignore[no-untyped-def]
    state = LiveState(captured=7, written=7, file="/a_00003.pcapng", files=3)
    assert any(words in line and "/a_00003.pcapng" in line for line in closing_lines(state, language))
    state.files = 1
    assert not any(words in line for line in closing_lines(state, language))
