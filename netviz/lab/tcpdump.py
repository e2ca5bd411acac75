"""Records what passes an interface, with tcpdump, and makes pcapng of it with editcap. Knows no protocol."""

import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from netviz.lab.namespaces import Namespace, run
from netviz.lab.requirements import CannotRecord

_START_SECONDS: Final = 10.0
_QUIET_SECONDS: Final = 0.4
_LONGEST_QUIETING: Final = 8.0
_COUNTED: Final = re.compile(r"(\d+) packets? (captured|dropped by kernel)")


@dataclass(slots=True)
class Recording:
    """What tcpdump was told, and what it counted."""

    command: list[str]
    packets: int = 0


@contextmanager
def tcpdump(
    machine: Namespace, interface: str, file: Path, nanoseconds: bool = False, quiet: float = _QUIET_SECONDS
) -> Iterator[Recording]:
    """Record all packets during the block, and after it until the interface has been quiet for so many seconds.

    Raises: CannotRecord where tcpdump does not start, or the kernel dropped a packet.
    """
    command = ["tcpdump", "-i", interface, "-n", "-s", "0", "-w", file.name]
    if nanoseconds:
        command.insert(1, "--time-stamp-precision=nano")
    recording = Recording(command)
    running = [*command[:-1], str(file), "-U", "--immediate-mode", "-Z", "root"]
    with machine.entered():
        process = subprocess.Popen(running, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr is not None
    said = _Listener(process.stderr)
    try:
        said.wait_for("listening on", process)
        yield recording
        _wait_until_quiet(file, quiet)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=_START_SECONDS)
        said.join()
    counts = {what: int(number) for number, what in _COUNTED.findall(said.text)}
    recording.packets = counts.get("captured", 0)
    if counts.get("dropped by kernel"):
        raise CannotRecord("lab-went-otherwise", what=f"{counts['dropped by kernel']} packets dropped by kernel")


class _Listener(threading.Thread):
    """Takes what a program writes, line by line, and says when a word has come."""

    def __init__(self, stream: IO[str]) -> None:
        super().__init__(name="tcpdump's words", daemon=True)
        self._stream = stream
        self._news = threading.Condition()
        self._ended = False
        self.text = ""
        self.start()

    def run(self) -> None:
        """Read to the end."""
        for line in self._stream:
            with self._news:
                self.text += line
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def wait_for(self, word: str, process: "subprocess.Popen[str]") -> None:
        with self._news:
            self._news.wait_for(lambda: word in self.text or self._ended, _START_SECONDS)
        if word not in self.text:
            process.kill()
            raise CannotRecord("lab-command-failed", command="tcpdump", reason=self.text.strip() or "silence")


def _wait_until_quiet(file: Path, quiet: float) -> None:
    """The last acknowledgements of a close come on their own time: wait until no packet has come for a while."""
    ends = time.monotonic() + _LONGEST_QUIETING
    size, since = file.stat().st_size, time.monotonic()
    while time.monotonic() < ends and time.monotonic() - since < quiet:
        time.sleep(0.05)
        if file.stat().st_size != size:
            size, since = file.stat().st_size, time.monotonic()


def to_pcapng(pcap: Path, pcapng: Path, comment: str) -> None:
    """The same packets as pcapng, with a comment in the section header."""
    run("editcap", "-F", "pcapng", "--capture-comment", comment, str(pcap), str(pcapng))
