"""netviz against tshark, side by side in one run: `make bench`, or `python tests/benchmark.py [--packets N] [--runs N]`.

Two captures are made from real traffic, its frames again and again, each time between other addresses and a little
later, until there are enough:

- `teaching`: the captures that netviz ships (without the recorded scenarios in subfolders). They are short, and so dense:
  every fourth packet or so begins something.
- `pages`: page loads recorded for the occasion, nginx and curl in two network namespaces; needs root, nginx, tcpdump.

Printed are medians of whole processes, run in turn, and their ratios. Nothing here is a test: no test depends on how
fast a machine is.
"""

import argparse
import fcntl
import os
import pty
import random
import select
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from pathlib import Path

from netviz.capture.opening import open_capture
from netviz.lab.namespaces import run
from netviz.lab.networks import SERVER, direct
from netviz.lab.nginx import nginx
from netviz.lab.requirements import CannotRecord
from netviz.lab.tcpdump import tcpdump

CAPTURES = Path(__file__).parents[1] / "captures"
NETVIZ = [sys.executable, "-m", "netviz"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""As a user's: modules are compiled once, not for each run."""
IPV4, IPV6 = b"\x08\x00", b"\x86\xdd"
PORT = 8080
PAGES = 12
PAGE = (("html", 1, 30_000), ("css", 7, 10_000), ("js", 20, 25_000), ("woff2", 4, 35_000), ("png", 15, 60_000))
"""What a page is made of: kind, how many, bytes of each."""


def shipped() -> list[Path]:
    """The captures that netviz ships."""
    return sorted(CAPTURES.glob("*.pcap*"))


def page_loads(folder: Path) -> list[Path]:
    """Record page loads: a browser's six connections, kept open from one file of a page to the next."""
    if os.geteuid() or not all(map(shutil.which, ("nginx", "tcpdump", "curl", "ip"))):
        return []
    random.seed(0)
    files = {
        f"{number}.{kind}": random.randbytes(size).hex()[:size] for kind, count, size in PAGE for number in range(count)
    }
    path = folder / "pages.pcap"
    urls = [part for file in files for part in ("-o", "/dev/null", f"http://{SERVER}:{PORT}/{file}")]
    with (
        direct() as network,
        nginx(network.server, f"{SERVER}:{PORT}", files),
        tcpdump(network.client, network.interface, path),
        network.client.entered(),
    ):
        for _ in range(PAGES):
            run("curl", "--silent", "--show-error", "--compressed", "--parallel", "--parallel-max", "6", *urls)
    return [path]


def recorded(paths: list[Path]) -> list[tuple[int, bytes]]:
    """(ns since the first packet of its capture, frame) of all Ethernet frames of the captures, by time."""
    found = []
    for path in paths:
        frames = []
        for batch in open_capture(str(path)).batches():
            frames += [
                (int(batch.times[index]), batch.frame(index))
                for index in range(len(batch))
                if batch.link_types[index] == 1
            ]
        found += [(stamp - frames[0][0], frame) for stamp, frame in frames]
    return sorted(found, key=lambda item: item[0])


def readdressed(frame: bytes, replica: int) -> bytes:
    """The frame between other hosts: the second and third byte of IPv4 addresses, two bytes of IPv6 addresses."""
    changed = bytearray(frame)
    mark = struct.pack(">H", replica & 0xFFFF)
    if frame[12:14] == IPV4:
        changed[27:29] = changed[31:33] = mark
    elif frame[12:14] == IPV6:
        changed[28:30] = changed[44:46] = mark
    return bytes(changed)


def make_capture(path: Path, packets: int, paths: list[Path]) -> int:
    """Write a pcap of about `packets` packets, made of those in `paths`; returns how many."""
    frames = recorded(paths)
    written = 0
    with path.open("wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for replica in range(-(-packets // len(frames))):
            for at, frame in frames:
                stamp = 1_700_000_000_000_000 + replica * 700_000 + at // 1000
                out.write(struct.pack("<IIII", stamp // 1_000_000, stamp % 1_000_000, len(frame), len(frame)))
                out.write(readdressed(frame, replica))
            written += len(frames)
    return written


def measured(command: list[str]) -> tuple[float, float, float]:
    """(wall seconds, CPU seconds, peak MiB) of one whole process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed with {process.returncode}")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def first_rows(path: Path) -> float:
    """Seconds from start to the first packet's row on a screen of 120x40."""
    started = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
        os.execv(sys.executable, [*NETVIZ, str(path), "--lang", "en"])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    try:
        for seen in _screen_output(terminal, started + 60):
            if b"0.000000" in seen:
                return time.perf_counter() - started
        raise SystemExit("no packet row appeared within a minute")
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(terminal)


def _screen_output(terminal: int, until: float) -> Iterator[bytes]:
    seen = b""
    while time.perf_counter() < until:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:
                return
            yield seen


def line(name: str, runs: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    """Print the medians of some runs and return them."""
    wall, cpu, memory = (statistics.median(figures) for figures in zip(*runs, strict=True))
    print(f"{name:<28}{wall:>9.2f} s wall{cpu:>9.2f} s CPU{memory:>9.0f} MiB")
    return wall, cpu, memory


def compare(path: Path, runs: int) -> None:
    """Run both on one capture and print."""
    tshark = shutil.which("tshark")
    packets = sum(len(batch) for batch in open_capture(str(path)).batches())
    print(f"{path.stem}: {packets} packets, {path.stat().st_size / 1e6:.0f} MB; medians of {runs} runs")
    ours, theirs = [], []
    measured([*NETVIZ, "summary", str(path)])
    for _ in range(runs):
        ours.append(measured([*NETVIZ, "summary", str(path)]))
        if tshark:
            theirs.append(measured([tshark, "-r", str(path)]))
    mine = line("netviz summary", ours)
    if tshark:
        other = line("tshark -r", theirs)
        print(f"tshark / netviz: {other[0] / mine[0]:.1f} wall, {other[1] / mine[1]:.1f} CPU;"
              f" memory netviz / tshark: {mine[2] / other[2]:.2f}")  # fmt: skip
    else:
        print("tshark is not installed: nothing to compare with")
    print(f"{'first rows on screen':<28}{statistics.median(first_rows(path) for _ in range(runs)):>9.2f} s")


def main() -> None:
    """Make the captures, run both, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--packets", type=int, default=500_000)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--file", type=Path, help="use this capture in place of making one")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.file is not None:
            compare(given.file, given.runs)
            return
        path = folder / "teaching.pcap"
        make_capture(path, given.packets, shipped())
        compare(path, given.runs)
        path.unlink()
        try:
            pages = page_loads(folder)
        except CannotRecord as error:
            print(f"pages: not recorded: {error}")
            return
        if not pages:
            print("pages: not recorded: needs root, nginx, tcpdump, curl and ip")
            return
        path = folder / "pages-again.pcap"
        make_capture(path, given.packets, pages)
        compare(path, given.runs)


if __name__ == "__main__":
    main()
