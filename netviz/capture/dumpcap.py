"""Wireshark's dumpcap as a receiver: many systems let a group of users start it who may not open sockets themselves.

It captures with its own privilege and hands the frames over as pcapng through a pipe. Knows nothing of sockets.
"""

import contextlib
import os
import select
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from typing import Final

from netviz.capture.recognition import HEAD, recognised
from netviz.capture.taken import Receiver, Taken
from netviz.capture.walking import BATCH_FRAMES, Walk
from netviz.errors import UnreadableCapture
from netviz.model.frames import CaptureInfo
from netviz.model.limits import DEFAULT_LIMITS

_START_SECONDS: Final = 4.0
_READ: Final = 1 << 20
_PIPE_BYTES: Final = 1 << 20
_SET_PIPE_SIZE: Final = 1031


class DumpcapReceiver:
    """Frames that a dumpcap of our own captures on one interface."""

    way = "dumpcap"

    def __init__(self, command: Sequence[str]) -> None:
        """Start it. Raises: OSError where it does not start."""
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )
        assert self._process.stdout is not None
        self._pipe = self._process.stdout.fileno()
        os.set_blocking(self._pipe, False)
        with contextlib.suppress(OSError, ImportError):
            import fcntl

            fcntl.fcntl(self._pipe, _SET_PIPE_SIZE, _PIPE_BYTES)
        self._info = CaptureInfo("dumpcap")
        self._walk: Walk | None = None
        self._pending = b""
        self._received = self._dropped = 0
        self._ended = False

    def starts(self) -> bool:
        """Whether it captures: the first bytes come at once, or it has ended with a refusal."""
        return bool(select.select([self._pipe], [], [], _START_SECONDS)[0] and self._read())

    def fileno(self) -> int:
        """See `Receiver.fileno`."""
        return self._pipe

    def blocks(self) -> Iterator[Taken]:
        """What the pipe holds now."""
        self._read()
        data, at = self._pending, 0
        if self._walk is None and len(data) >= HEAD:
            try:
                self._walk = recognised(data[:HEAD], self._info, DEFAULT_LIMITS)
            except UnreadableCapture as error:
                raise OSError(str(error)) from None
            at = self._walk.start
        while self._walk is not None and not self._walk.ended:
            batch, stop = self._walk.walk(data, at, len(data), BATCH_FRAMES)
            if batch is None and stop == at:
                break
            at = stop
            if batch is not None:
                self._received += len(batch)
                yield Taken(data, batch.offsets, batch.captured, batch.lengths, batch.times)
        self._pending = data[at:]
        if self._ended:
            raise OSError("dumpcap ended")

    def statistics(self) -> tuple[int, int]:
        """See `Receiver.statistics`; dumpcap tells of its drops in the end."""
        told = sum(each.dropped or 0 for each in self._info.interfaces)
        received, dropped = self._received, told - self._dropped
        self._received, self._dropped = 0, told
        return received + dropped, dropped

    def trouble(self) -> str:
        """See `Receiver.trouble`."""
        return "gone" if self._ended or self._process.poll() is not None else ""

    def close(self) -> None:
        """End dumpcap."""
        with contextlib.suppress(OSError):
            self._process.terminate()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _read(self) -> bool:
        try:
            data = os.read(self._pipe, _READ)
        except BlockingIOError:
            return True
        self._ended = not data
        self._pending += data
        return bool(data)


def dumpcap_receivers(
    names: Sequence[str], filter_text: str, snaplen: int | None, promiscuous: bool
) -> list[Receiver] | None:
    """One dumpcap for each interface; None where there is no dumpcap, or this user may not capture with it either."""
    program = shutil.which("dumpcap")
    if program is None:
        return None
    started: list[Receiver] = []
    for name in names:
        command = [program, "-q", "-i", name, "-w", "-"]
        command += ["-f", filter_text] if filter_text else []
        command += ["-s", str(snaplen)] if snaplen else []
        command += [] if promiscuous else ["-p"]
        try:
            receiver = DumpcapReceiver(command)
        except OSError:
            return None
        started.append(receiver)
        if not receiver.starts():
            for each in started:
                each.close()
            return None
    return started
