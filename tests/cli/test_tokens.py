"""`netviz tokens`: the key comes from a file or a prompt; what is said is fits, does not fit, or not checked and why."""

import io
import json
from pathlib import Path

import pytest

from netviz.cli.main import main

LOGIN = str(Path(__file__).parents[2] / "captures" / "jwt-login.pcap")
KEY = "a key for the lab, and for nothing else"


@pytest.mark.parametrize(("key", "outcome"), [(KEY, "fits"), (f"{KEY}\n", "fits"), ("another", "does-not-fit")])
def test_a_key_from_a_file(key: str, outcome: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "key"
    file.write_text(key)
    assert main(["tokens", LOGIN, "--key-file", str(file), "--json"]) == 0
    tokens = json.loads(capsys.readouterr().out)["tokens"]
    assert [each["check"]["outcome"] for each in tokens] == [outcome] * 2
    assert [(each["exchange"], each["again_in"]) for each in tokens] == [(2, [3]), (4, [5])]
    assert all("…" in each["token"] for each in tokens)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_without_a_key_it_is_said(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tokens", LOGIN, "--lang", language]) == 0
    printed = capsys.readouterr().out
    assert printed.count({"en": "The signature was not checked", "ko": "서명을 검사하지 않았습니다"}[language]) == 2
    assert "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" not in printed


def test_a_key_from_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(KEY.encode())))
    assert main(["tokens", LOGIN, "--key-file", "-", "--lang", "en"]) == 0
    assert capsys.readouterr().out.count("The signature fits the key") == 2


def test_a_key_from_the_prompt(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: KEY)
    assert main(["tokens", LOGIN, "--ask-key", "--lang", "en"]) == 0
    printed = capsys.readouterr()
    assert printed.out.count("The signature fits the key") == 2 and KEY not in printed.out + printed.err


@pytest.mark.parametrize("arguments", [["--key-file", "/no/such/key"], ["--ask-key"]])
def test_a_key_that_can_not_be_read_is_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tokens", LOGIN, *arguments, "--lang", "en"]) in (1, 2)
    printed = capsys.readouterr()
    assert printed.out == "" and len(printed.err.splitlines()) == 1 and "key" in printed.err


def test_a_key_on_the_command_line_is_no_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tokens", LOGIN, "--key", KEY]) == 1
    assert capsys.readouterr().out == ""


def test_a_capture_without_tokens_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tokens", LOGIN.replace("jwt-login", "arp-ping"), "--lang", "en"]) == 0
    assert "No JSON Web Token" in capsys.readouterr().out
