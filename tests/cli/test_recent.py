"""The captures opened last: kept in the XDG place, bounded, and never a reason to fail."""

import pytest

from netviz.cli.recent import recent_files, remember, state_file
from netviz.model.limits import DEFAULT_LIMITS


@pytest.fixture(autouse=True)
def state(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("SUDO_UID", raising=False)


def test_the_newest_is_first_and_none_is_there_twice(tmp_path):
    files = [tmp_path / f"{number}.pcap" for number in range(DEFAULT_LIMITS.recent_files + 5)]
    for file in files:
        file.write_bytes(b"")
        remember(str(file))
    remember(str(files[-2]))
    found = recent_files()
    assert found[:2] == [str(files[-2]), str(files[-1])]
    assert len(found) == len(set(found)) == DEFAULT_LIMITS.recent_files


def test_what_is_gone_is_not_listed_and_what_is_no_file_not_kept(tmp_path):
    gone = tmp_path / "gone.pcap"
    gone.write_bytes(b"")
    remember(str(gone))
    remember("-")
    gone.unlink()
    assert recent_files() == []


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"a": 1}', "[{}]", "\udcff"])
def test_a_damaged_list_is_an_empty_one(content):
    state_file().parent.mkdir(parents=True)
    state_file().write_text(content, encoding="utf-8", errors="surrogateescape")
    assert recent_files() == []


def test_under_sudo_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setenv("SUDO_UID", "1000")
    file = tmp_path / "a.pcap"
    file.write_bytes(b"")
    remember(str(file))
    assert not state_file().exists()
