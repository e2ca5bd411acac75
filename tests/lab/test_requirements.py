"""What is missing is said before anything is made."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from netviz.errors import NotPermitted
from netviz.explain.words import LANGUAGES, say
from netviz.lab.requirements import CannotRecord, missing_programs, require

NOBODY = 65534


def test_programs_that_are_not_there_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ip").write_text("#!/bin/sh\n")
    (tmp_path / "ip").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert missing_programs(["dig", "curl", "dig"]) == ["tcpdump", "dig", "curl"]


@pytest.mark.skipif(os.geteuid() != 0, reason="says that root is missing first")
def test_the_packages_to_install_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotRecord) as caught:
        require(["dig"])
    error = caught.value
    assert error.details == {"programs": "ip, tcpdump, dig", "packages": "bind9-dnsutils iproute2 tcpdump"}
    for language in LANGUAGES:
        assert "bind9-dnsutils" in say(f"error.{error.key}", language, **error.details)


@pytest.fixture
def nobody() -> Iterator[None]:
    """This process without root, for the time of a test."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    yield
    os.seteuid(was)


@pytest.mark.usefixtures("nobody")
def test_without_root_nothing_is_made() -> None:
    with pytest.raises(NotPermitted) as caught:
        require([])
    assert caught.value.exit_status == 1
    assert "sudo" in say(f"error.{caught.value.key}", "en")
