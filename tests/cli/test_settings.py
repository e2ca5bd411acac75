"""The settings file: what it may hold, which of argument, environment, file and default wins, and how faults are told."""

import json
import tomllib
from pathlib import Path

import pytest

from netviz.cli.arguments import parser
from netviz.cli.main import main
from netviz.cli.settings import SETTINGS, config_file, settings_in_force
from netviz.model.settings import Settings

CAPTURE = str(Path(__file__).parents[2] / "captures" / "demo.pcapng")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("NO_COLOR", "SSH_CONNECTION", "TEXTUAL_ANIMATIONS", *(setting.variable for setting in SETTINGS)):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)


def write(text: str | bytes) -> Path:
    path = config_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def in_force(*arguments: str, **environment: str):
    """Settings for `netviz open` with arguments, an environment, and the file that was written."""
    environment = {"XDG_CONFIG_HOME": str(config_file().parent.parent), **environment}
    return settings_in_force(parser().parse_args(["open", "x.pcap", *arguments]), environment)


def test_without_a_file_all_is_default():
    known = in_force()
    assert known.settings == Settings() and not known.there and known.faults == []
    assert {origin.kind for origin in known.origins.values()} == {"default"}


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("language", '"ko"', "ko"),
        ("theme", '"light"', "light"),
        ("motion", "false", False),
        ("glyphs", '"ascii"', "ascii"),
        ("browser", '"webkit"', "webkit"),
        ("view", "5", 5),
        ("view", '"cors"', 5),
        ("recent", "0", 0),
        ("keep", '["packets:10", "duration:2.5"]', ("packets:10", "duration:2.5")),
    ],
)
def test_the_file_is_used_and_named_with_its_line(name, written, value):
    write(f"# mine\n\n{name} = {written}\n")
    known = in_force()
    assert known.faults == []
    assert getattr(known.settings, name) == value
    assert known.origins[name] == ("file", "3")


def test_argument_before_environment_before_file():
    write('theme = "light"\nlanguage = "ko"\nview = 2\n')
    known = in_force("--theme", "contrast", NETVIZ_THEME="mono", NETVIZ_LANGUAGE="en")
    assert (known.settings.theme, known.settings.language, known.settings.view) == ("contrast", "en", 2)
    assert known.origins["theme"] == ("argument", "--theme")
    assert known.origins["language"] == ("environment", "NETVIZ_LANGUAGE")
    assert known.origins["view"] == ("file", "3")


@pytest.mark.parametrize(
    ("environment", "motion", "why"),
    [
        ({"TERM": "xterm-256color"}, True, ("default", "")),
        ({"TERM": "linux"}, False, ("default", "TERM")),
        ({"TERM": "xterm", "NO_COLOR": ""}, False, ("environment", "NO_COLOR")),
        ({"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}, False, ("default", "SSH_CONNECTION")),
        ({"TEXTUAL_ANIMATIONS": "none"}, False, ("environment", "TEXTUAL_ANIMATIONS")),
        ({"NO_COLOR": "1", "NETVIZ_MOTION": "yes"}, True, ("environment", "NETVIZ_MOTION")),
    ],
)
def test_nothing_moves_where_it_would_disturb(environment, motion, why):
    known = in_force(**environment)
    assert known.settings.motion is motion and known.origins["motion"] == why


def test_a_file_over_ssh_may_ask_for_motion():
    write("motion = true\n")
    assert in_force(SSH_CONNECTION="192.0.2.1 50000 192.0.2.2 22").settings.motion


@pytest.mark.parametrize(
    ("text", "fault", "place"),
    [
        ('theme = "drak"\n', "value", ":1"),
        ("language = 7\n", "value", ":1"),
        ("view = 7\n", "value", ":1"),
        ("view = true\n", "value", ":1"),
        ("recent = -1\n", "value", ":1"),
        ('keep = ["lines:3"]\n', "value", ":1"),
        ("keep = [3]\n", "value", ":1"),
        ('motion = "perhaps"\n', "value", ":1"),
        ("keys = 3\n", "value", ":1"),
        ("[keys]\nfilter = 3\n", "value", ":1"),
        ("\ncolour = 1\n", "unknown", ":2"),
        ("[theme]\nname = 1\n", "value", ":1"),
        ('theme = "light\n', "no-toml", ":1:15"),
        (b"\xff\xfe", "no-toml", ""),
        (b"#" * (1 << 21), "no-toml", ""),
    ],
)
def test_a_fault_is_a_line_with_its_place_and_the_rest_is_used(text, fault, place):
    path = write(text)
    known = in_force()
    assert [(each.key, each.place) for each in known.faults] == [(fault, f"{path}{place}")]
    assert known.settings == Settings()
    for language in ("en", "ko"):
        (sentence,) = known.sentences(language)
        assert sentence.startswith(str(path)) and "\n" not in sentence


def test_one_fault_takes_nothing_else_away():
    write('theme = "drak"\nview = "cors"\n')
    known = in_force()
    assert (known.settings.theme, known.settings.view, len(known.faults)) == (None, 5, 1)


def test_a_report_goes_on_with_a_broken_file_and_says_so_on_standard_error(capsys):
    path = write('language = "ko"\ntheme = ')
    assert main(["summary", CAPTURE]) == 0
    printed = capsys.readouterr()
    assert "pcapng" in printed.out and printed.err.startswith(f"netviz: {path}:2")
    write('language = "ko"\n')
    assert main(["summary", CAPTURE]) == 0
    printed = capsys.readouterr()
    assert "파일" in printed.out and printed.err == ""


def test_the_browser_of_the_file_judges(capsys):
    write('browser = "standard"\n')
    assert main(["cors", CAPTURE, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["browser"] == "standard"


def test_a_folder_in_its_place_is_a_fault():
    config_file().mkdir(parents=True)
    assert [fault.key for fault in in_force().faults] == ["unreadable"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_example_changes_nothing_and_holds_every_setting(language, capsys):
    assert main(["settings", "--example", "--lang", language]) == 0
    text = capsys.readouterr().out
    assert tomllib.loads(text) == {}
    lines = [line.removeprefix("# ") for line in text.splitlines() if " = " in line or line == "# [keys]"]
    write("\n".join(lines))
    known = in_force()
    assert known.faults == []
    assert {name for name, origin in known.origins.items() if origin.kind == "file"} == {each.name for each in SETTINGS}
    assert main(["settings", "--lang", language]) == 0


def test_what_is_in_force_is_shown_with_why_and_faults_give_status_1(capsys):
    path = write('view = "cors"\nbad = 1\n[keys]\nfilter = "q"\n')
    assert main(["settings", "--theme", "light"]) == 1
    text = capsys.readouterr().out
    lines = text.splitlines()
    assert lines[0].startswith(str(path))
    wanted = {"view": "line 1", "theme": "argument: --theme", "motion": "default"}
    assert all(any(line.split()[:1] == [name] and why in line for line in lines) for name, why in wanted.items())
    assert "no setting bad" in text and "q already does quit" in text
    assert main(["settings", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["settings"]["view"] == {"value": "cors", "kind": "file", "detail": "1"}
    assert len(found["faults"]) == 2
