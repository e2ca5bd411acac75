"""The command as its users meet it: one clear line and an exit status, never a traceback."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from netviz.cli.main import main

CAPTURES = sorted((Path(__file__).parents[2] / "captures").glob("*.pcap*"))
HEADER = bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000")


def netviz(*arguments: str, stdin: bytes | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "netviz", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        env={**os.environ, "LANG": "C.UTF-8", "COLUMNS": "100", **environment},
        timeout=120,
    )


def broken_files(folder: Path) -> dict[str, Path]:
    made = {
        "missing": folder / "missing.pcap",
        "folder": folder,
        "empty": folder / "empty.pcap",
        "text": folder / "text.pcap",
        "junk": folder / "junk.pcap",
        "empty-gzip": folder / "empty.pcap.gz",
        "half-header": folder / "half.pcap",
    }
    made["empty"].write_bytes(b"")
    made["text"].write_text("this is no capture\n" * 20)
    made["junk"].write_bytes(bytes(range(256)) * 8)
    made["empty-gzip"].write_bytes(gzip.compress(b""))
    made["half-header"].write_bytes(HEADER[:10])
    return made


@pytest.mark.parametrize("command", ["summary", "packets", "connections", "exchanges", "cors"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_can_not_be_read_gives_one_line_and_status_1(
    tmp_path: Path, command: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, path in broken_files(tmp_path).items():
        assert main([command, str(path), "--lang", language]) == 1, name
        printed = capsys.readouterr()
        assert printed.out == "", name
        (line,) = printed.err.splitlines()
        assert line.startswith("netviz: ") and path.name in line, name


def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    path = tmp_path / "closed.pcap"
    path.write_bytes(HEADER)
    path.chmod(0)
    run = netviz("summary", str(path))
    assert run.returncode == 1 and b"permission" in run.stderr


@pytest.mark.parametrize("command", ["summary", "packets", "connections", "exchanges", "cors"])
def test_a_capture_without_packets_is_no_error(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "none.pcap"
    path.write_bytes(HEADER)
    assert main([command, str(path)]) == 0
    printed = capsys.readouterr()
    assert printed.err == "" and printed.out.strip()
    assert main([command, str(path), "--json"]) == 0
    if command != "packets":
        assert json.loads(capsys.readouterr().out)["schema"] == 1


@pytest.mark.parametrize("arguments", [["summary"], ["explain"], ["packets", "-c", "0", "x"], ["--no-such"], ["live"]])
def test_wrong_usage_is_status_2(arguments: list[str]) -> None:
    run = netviz(*arguments)
    assert run.returncode == 2
    assert b"Traceback" not in run.stderr and run.stderr


def test_no_arguments_show_the_help() -> None:
    run = netviz()
    assert run.returncode == 0 and b"netviz FILE" in run.stdout


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
@pytest.mark.parametrize("command", ["summary", "packets", "connections", "exchanges", "cors"])
def test_every_report_prints_as_text_in_both_languages_and_as_json(
    path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for language in ("en", "ko"):
        assert main([command, str(path), "--lang", language]) == 0
        printed = capsys.readouterr()
        assert printed.err == "" and printed.out.strip()
        assert all(char.isprintable() or char == "\n" for char in printed.out)
    assert main([command, str(path), "--json"]) == 0
    printed = capsys.readouterr()
    documents = printed.out.splitlines() if command == "packets" else [printed.out]
    assert all(isinstance(json.loads(each), dict) for each in documents)


@pytest.mark.skipif(not CAPTURES, reason="no captures in this checkout")
def test_a_pipe_gives_what_the_file_gives() -> None:
    content = CAPTURES[0].read_bytes()
    piped = netviz("packets", "-", "--json", stdin=content)
    from_file = netviz("packets", str(CAPTURES[0]), "--json")
    assert piped.returncode == 0
    assert piped.stdout == from_file.stdout


@pytest.mark.skipif(not CAPTURES, reason="no captures in this checkout")
def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = f"{sys.executable} -m netviz packets {CAPTURES[0]} | head -1"
    run = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, check=False)
    assert run.stderr == b""


@pytest.mark.skipif(not CAPTURES, reason="no captures in this checkout")
def test_a_packet_that_is_not_there_is_wrong_usage() -> None:
    run = netviz("explain", str(CAPTURES[0]), "999999")
    assert run.returncode == 2 and b"999999" in run.stderr


@pytest.mark.skipif(not CAPTURES, reason="no captures in this checkout")
def test_demo_without_a_terminal_prints_a_tour() -> None:
    run = netviz("demo", "--lang", "en")
    assert run.returncode == 0 and b"CORS" in run.stdout


@pytest.mark.parametrize(
    ("letters", "first"),
    [("r", "0.007575"), ("dd", "0.000000"), ("ud", "2026-11-24 15:28:33.591280"), ("e", "1795534113.591280")],
)
def test_times_are_written_as_tshark_does(capsys: pytest.CaptureFixture[str], letters: str, first: str) -> None:
    assert (
        main(["packets", str(CAPTURES[0].parent / "demo.pcapng"), "-t", letters, "-Y", "tcp.flags.syn == 1", "-c", "8"])
        == 0
    )
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and lines[0].split("  ")[-1] and first in lines[0]
