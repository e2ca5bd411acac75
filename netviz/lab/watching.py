"""`netviz live` beside a lab, as a process of its own: it gives up its privileges, the lab needs its own to clean up.

Knows the command line of `netviz live`, nothing of its inside.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from netviz.lab.laboratory import Running
from netviz.lab.namespaces import Namespace

_PR_SET_PDEATHSIG: Final = 1
_OPENING: Final = 15.0
_SETTLING: Final = 0.4
_ENDING: Final = 4.0
_RUNNING, _INODE = 5, 8
"""Columns of /proc/net/packet."""


class Watching:
    """A running `netviz live`."""

    def __init__(self, running: Running, machine: Namespace, options: Sequence[str], quiet: bool) -> None:
        """Start it on a machine; `options` go to `netviz live` as they are. `quiet`: it only records."""
        live = [sys.executable, "-P", "-m", "netviz", "live", "-i", running.interface, *options]
        if running.filter:
            live += ["-f", running.filter]
        sockets = _packet_sockets(machine)
        self.process = subprocess.Popen(
            machine.command(*live),
            stdin=subprocess.DEVNULL if "--text" in options else None,
            stdout=subprocess.DEVNULL if quiet else None,
            stderr=subprocess.DEVNULL if quiet else None,
            preexec_fn=_end_with_parent,
        )
        self._wait_until_open(machine, sockets)

    def _wait_until_open(self, machine: Namespace, before: set[str]) -> None:
        """Its socket is open (packets wait in it until the screen is drawn), or it has failed and said why."""
        ends = time.monotonic() + _OPENING
        while time.monotonic() < ends and self.process.poll() is None:
            if _holds(self.process.pid, _packet_sockets(machine) - before):
                break
            time.sleep(0.02)
        # What it emptied its new socket of, and set up around it, takes a moment more.
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=_SETTLING)

    def failed(self) -> bool:
        """Whether it ended by itself with an error."""
        return self.process.poll() not in (None, 0)

    def ended(self) -> bool:
        """Whether it has ended, for whatever reason."""
        return self.process.poll() is not None

    def stop_with_it(self) -> None:
        """Where it was suspended, stop too: the shell gives the terminal back only when both have. `fg` wakes both."""
        with suppress(OSError):
            if os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOHANG) is not None:
                os.kill(os.getpid(), signal.SIGSTOP)

    def end(self) -> None:
        """Let it finish (a recording is closed then), or else end it; it leaves the terminal as it was."""
        if not self.ended():
            self._finish()

    def _finish(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                self.process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=_ENDING)
                return


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _packet_sockets(machine: Namespace) -> set[str]:
    """Inodes of a machine's packet sockets that are bound and run, by the kernel's own list."""
    with machine.entered(), suppress(OSError):
        lines = Path("/proc/thread-self/net/packet").read_text().splitlines()[1:]
        return {line.split()[_INODE] for line in lines if line.split()[_RUNNING] == "1"}
    return set()


def _holds(pid: int, sockets: set[str]) -> bool:
    """Whether one of the sockets is a process's own; where it may not be asked, any will do."""
    try:
        held = {os.readlink(link) for link in Path("/proc", str(pid), "fd").iterdir()}
    except OSError:
        return bool(sockets)
    return any(f"socket:[{inode}]" in held for inode in sockets)
