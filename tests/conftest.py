"""What all tests share: properties are about what is right, never about how fast the machine is; a talk made by hand."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from hypothesis import settings

from netviz.model.frames import CaptureInfo, FrameBatch
from netviz.pipeline.analyzer import Analyzer
from netviz.pipeline.store import Store

settings.register_profile("netviz", deadline=None)
settings.load_profile("netviz")

MILLISECOND = 1_000_000
Said = tuple[int, bytes]
"""Who says it (0 the client), and what."""


def _segment(side: int, flags: int, numbers: tuple[int, int], data: bytes) -> bytes:
    """IPv4 and TCP around data, checksums left at zero."""
    ports, hosts = (40000, 80), (bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
    tcp = struct.pack("!HHIIHHHH", ports[side], ports[1 - side], *numbers, 0x5000 | flags, 502, 0, 0)
    ends = hosts[side] + hosts[1 - side]
    return struct.pack("!BBHHHBBH", 0x45, 0, 40 + len(data), 1, 0x4000, 64, 6, 0) + ends + tcp + data


def _talked(said: Sequence[Said], batch: int = 1000, lost: Sequence[int] = ()) -> Store:
    """A store of one connection: packets 1 to 3 open it, each thing said is a packet; a millisecond lies between two.

    `lost` are indices of `said` that the capture does not have; `batch` is how many packets come at a time.
    """
    seqs, frames = [1000, 9000], []
    for index, (side, flags, data) in enumerate(
        [(0, 2, b""), (1, 18, b""), (0, 16, b""), *((s, 24, d) for s, d in said)]
    ):
        if index - 3 not in lost:
            frames.append(_segment(side, flags, (seqs[side], seqs[1 - side] if flags & 16 else 0), data))
        seqs[side] += len(data) + bool(flags & 2)
    analyzer = Analyzer(CaptureInfo("made by hand", "pcap"))
    for first in range(0, len(frames), batch):
        part = frames[first : first + batch]
        sizes, count = np.array([len(each) for each in part], np.int32), len(part)
        times = 1_700_000_000_000_000_000 + np.arange(first, first + count, dtype=np.int64) * MILLISECOND
        kinds, interfaces = np.full(count, 101, np.uint16), np.zeros(count, np.uint16)
        offsets = np.cumsum(sizes, dtype=np.int64) - sizes
        analyzer.feed(FrameBatch(b"".join(part), offsets, sizes, sizes, times, kinds, interfaces))
    analyzer.finish()
    return analyzer.store


@pytest.fixture
def talked() -> Callable[..., Store]:
    """See `_talked`."""
    return _talked


class PseudoTerminal:
    """A program in a terminal of its own, as its session leader; waits for what it shows, never for a time."""

    PATIENCE = 20.0

    def __init__(self, command: Sequence[str], size: tuple[int, int] = (80, 24), **environment: str) -> None:
        self._master, self._slave = pty.openpty()
        columns, lines = size
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.heard = b""
        # What says how wide some other terminal is would be believed.
        own = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        own |= {"TERM": "xterm-256color", "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            command, stdin=self._slave, stdout=self._slave, stderr=self._slave, start_new_session=True,
            env=own | environment,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0) and None,
        )  # fmt: skip

    @property
    def text(self) -> str:
        """What was shown so far, without the control sequences."""
        return re.sub(r"\x1b(\[[0-9;?<>=$]*[@-~]|\][^\x07]*\x07|[=>])", "", self.heard.decode("utf-8", "replace"))

    def shows(self, *words: str) -> str:
        """Read until all words were shown."""
        ends = time.monotonic() + self.PATIENCE
        while not all(word in self.text for word in words):
            assert time.monotonic() < ends and self._read(), f"{words} not in: {self.text[-3000:]}"
        return self.text

    def forget(self) -> None:
        """From here on only what is shown anew counts."""
        self.heard = b""

    def _read(self) -> bool:
        if not select.select([self._master], [], [], self.PATIENCE)[0]:
            return False
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:
            return False
        self.heard += data
        return bool(data)

    def paints(self, seconds: float) -> bool:
        """Read what is shown in so many seconds; whether anything was."""
        ends, before = time.monotonic() + seconds, len(self.heard)
        while (left := ends - time.monotonic()) > 0:
            if select.select([self._master], [], [], left)[0] and not self._read():
                break
        return len(self.heard) > before

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def is_raw(self) -> bool:
        """Whether a screen has the terminal: lines are not edited by it."""
        return not termios.tcgetattr(self._slave)[3] & termios.ICANON

    def ends(self) -> int:
        """Its exit status; what it shows meanwhile is read."""
        ends = time.monotonic() + self.PATIENCE
        while self.process.poll() is None and time.monotonic() < ends:
            if select.select([self._master], [], [], 0.05)[0]:
                self._read()
        while select.select([self._master], [], [], 0.05)[0] and self._read():
            pass
        return self.process.wait(timeout=1)

    def stops(self) -> bool:
        """Whether it is stopped within our patience; what it shows meanwhile is read, or it could not go on."""
        ends = time.monotonic() + self.PATIENCE
        while time.monotonic() < ends:
            if os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOHANG) is not None:
                return True
            if select.select([self._master], [], [], 0.05)[0]:
                self._read()
        return False

    def close(self) -> None:
        """Kill what is left."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)
        os.close(self._slave)


@pytest.fixture
def terminal() -> Iterator[Callable[..., PseudoTerminal]]:
    """Starts programs in terminals: `terminal(["netviz", ...], (80, 24), NO_COLOR="1")`."""
    started: list[PseudoTerminal] = []

    def start(command: Sequence[str], size: tuple[int, int] = (80, 24), **environment: str) -> PseudoTerminal:
        started.append(PseudoTerminal(command, size, **environment))
        return started[-1]

    yield start
    for each in started:
        each.close()
