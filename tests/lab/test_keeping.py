"""However a lab ends, nothing of it stays: no machine, no process, no port."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from netviz.lab.broom import sweep
from netviz.lab.namespaces import PREFIX, run

_LAST_LINE = "Ctrl-C ends the lab."


@contextmanager
def lab(*arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """A lab that has told all it tells at its start."""
    command = [sys.executable, "-m", "netviz", "lab", *arguments, "--no-screen", "--lang", "en"]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if line.startswith(_LAST_LINE):
                break
        yield process
    finally:
        process.kill()
        process.wait(timeout=10)
        process.stdout.close()


def machines_of(pid: int) -> set[str]:
    return {path.name for path in Path("/run/netns").glob(f"{PREFIX}{pid}-*")}


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_for_end(pid: int) -> bool:
    """Whether a process that is no child of ours ends within ten seconds."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 10)[0])
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_ends_a_lab_and_its_machines_go(number: signal.Signals, may_make_namespaces: None) -> None:
    with lab("handshake") as process:
        assert machines_of(process.pid)
        left = children_of(process.pid)
        process.send_signal(number)
        assert process.wait(timeout=20) == 0
        assert process.stdout is not None
        assert process.stdout.read().endswith("The lab has ended; its servers and machines are gone.\n")
    assert not machines_of(process.pid)
    assert all(wait_for_end(child) for child in left)


def test_what_a_kill_leaves_is_swept_up(may_make_namespaces: None) -> None:
    with lab("handshake") as process:
        assert machines_of(process.pid)
        (broom,) = children_of(process.pid)
        process.kill()
        assert wait_for_end(broom)
    assert not machines_of(process.pid)


def test_what_is_left_even_then_the_next_lab_takes_away(may_make_namespaces: None) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    name = f"{PREFIX}{gone.pid}-client"
    run("ip", "netns", "add", name)
    with lab("handshake"):
        assert not machines_of(gone.pid)


def test_a_lab_that_is_done_leaves_nothing_to_sweep(may_make_namespaces: None) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    name = f"{PREFIX}{gone.pid}-client"
    run("ip", "netns", "add", name)
    try:
        sweep(gone.pid, "done\n")
        assert machines_of(gone.pid) == {name}
        sweep(gone.pid, f"{os.getpid()}x\n")
        assert not machines_of(gone.pid)
    finally:
        subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)


def test_a_lab_on_loopback_plays_once_and_ends() -> None:
    with lab("cookies", "--once") as process:
        assert process.wait(timeout=20) == 0


def test_packets_and_story_are_kept(tmp_path: Path, may_make_namespaces: None) -> None:
    file = tmp_path / "arp.pcapng"
    with lab("arp", "--once", "--record", str(file)) as process:
        assert process.wait(timeout=30) == 0
    assert 'title_en = "ARP and ping"' in file.with_suffix(".toml").read_text()
    told = subprocess.run(
        [sys.executable, "-m", "netviz", "packets", str(file)], capture_output=True, text=True, check=True
    )
    assert "ARP" in told.stdout and "Echo Reply" in told.stdout
