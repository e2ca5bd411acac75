"""`netviz lab` on the command line: the list, and what can not be had says why and what to type."""

import os
from pathlib import Path

import pytest

from netviz.cli import lab as command
from netviz.cli.main import main


def test_without_a_name_the_labs_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lab", "--lang", "ko"]) == 0
    assert "3-way 핸드셰이크" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nothing"], "no such lab: nothing"),
        (["arp", "--loopback"], "does not run on loopback"),
        (["cookies", "--loss", "5"], "no line lies between"),
        (["handshake", "--loopback", "--delay", "5"], "no line lies between"),
    ],
)
def test_what_makes_no_sense_is_said(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lab", *arguments, "--no-screen", "--lang", "en"]) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("share", ["-1", "101", "much"])
def test_shares_are_percents(share: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["lab", "loss", "--loss", share])
    assert ended.value.code == 2
    assert "--loss" in capsys.readouterr().err


def test_without_root_machines_are_refused_with_the_line_to_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert main(["lab", "arp", "--no-screen", "--lang", "en"]) == 1
    said = capsys.readouterr().err
    assert "sudo netviz lab arp" in said
    assert "handshake" in said.partition("run without:")[2]


def test_a_machine_without_tun_is_told_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(command, "TUN", tmp_path / "tun")
    monkeypatch.setattr(command, "require_programs", lambda programs: None)
    assert main(["lab", "loss", "--no-screen", "--lang", "en"]) == 1
    assert "modprobe tun" in capsys.readouterr().err
