"""`python -m netviz.lab.broom PID`: takes a lab's things away when the lab was killed. Started by the lab, ends with it.

It reads what the lab tells it until the lab ends, for whatever reason: the pipe between them closes then. A lab that
has cleaned up says so last, and there is nothing left to do. In a session of its own, so that no signal from the lab's
terminal reaches it.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from netviz.lab.namespaces import remove_owned_by
from netviz.lab.requirements import CannotRecord

_DONE: Final = "done"
_MARK: Final = b"netviz"


class Broom:
    """The lab's end of the pipe."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def also_ends(self, pid: int) -> None:
        """A process of the lab that must not outlive it."""
        self._tell(str(pid))

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()

    def put_away(self) -> None:
        """The lab has cleaned up by itself."""
        self._tell(_DONE)
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)


@contextmanager
def broom() -> Iterator[Broom]:
    """Stands by during the block. Raises: CannotRecord where Python can not be started again."""
    command = [sys.executable, "-P", "-m", "netviz.lab.broom", str(os.getpid())]
    nothing = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=nothing, stderr=nothing, text=True, start_new_session=True
        )
    except OSError as error:
        raise CannotRecord("lab-command-failed", command=sys.executable, reason=error.strerror) from None
    stands_by = Broom(process)
    try:
        yield stands_by
    finally:
        stands_by.put_away()


def sweep(owner: int, told: str) -> None:
    """Unless the lab said that it is done: end the processes it named, and take its namespaces away."""
    lines = told.split()
    if _DONE in lines:
        return
    for line in lines:
        if line.isdigit() and _is_ours(int(line)):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(int(line), signal.SIGTERM)
    remove_owned_by(owner)


def _is_ours(pid: int) -> bool:
    """A number may have been given to somebody else's process by now."""
    try:
        return _MARK in Path("/proc", str(pid), "cmdline").read_bytes()
    except OSError:
        return False


if __name__ == "__main__":
    sweep(int(sys.argv[1]), sys.stdin.read())
