"""How quickly the real screen shows what the wire brings, and what it costs to keep it: part of `make bench-live`.

On a terminal of 80x24, in Korean: from a frame's sending to its row; from a click in Chromium, on the page of
`netviz lab cors`, to the verdict; and memory, drops and gauge under a load of TCP and HTTP until each bound is reached
and beyond. Figures of one run on one machine, no tests. Root; Linux.
"""

import argparse
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmark_live import NETVIZ, RECEIVING, SENDING, frame, machines, resident
from conftest import PseudoTerminal

from netviz.lab.browser import chromium
from netviz.lab.here import HERE

LOAD = Path(__file__).with_name("live_load.py")
PORT_AT = 34
CASES = ("preflight-allowed", "preflight-header")
CLICK = "document.getElementById('do-put').click()"
LOCALHOST = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"
BOUNDS = ("packets:400000", "filesize:40000", "duration:15")


def summed(name: str, found: list[float]) -> None:
    found = sorted(found)
    print(
        f"{name}: median {statistics.median(found):.0f} ms, 95 of 100 within {found[int(len(found) * 0.95) - 1]:.0f} ms, "
        f"longest {found[-1]:.0f} ms ({len(found)} times)",
        flush=True,
    )


@contextmanager
def screen(command: list[str]) -> Iterator[PseudoTerminal]:
    terminal = PseudoTerminal(command, (80, 24))
    try:
        yield terminal
    finally:
        terminal.close()


def milliseconds(terminal: PseudoTerminal, step: Callable[[], object], shown: re.Pattern[str]) -> float:
    """From the beginning of a step to its words on the terminal."""
    terminal.forget()
    began = time.monotonic()
    acting = threading.Thread(target=step)
    acting.start()
    while not shown.search(terminal.text):
        if not terminal._read():
            raise SystemExit(f"{shown.pattern} was never shown: {terminal.text[-2000:]}")
    took = 1000 * (time.monotonic() - began)
    acting.join()
    return took


def quiet(terminal: PseudoTerminal) -> None:
    """Until nothing is painted any more."""
    while terminal.paints(0.2):
        pass


# From a packet to its row.


def rows(count: int) -> list[float]:
    command = ["ip", "netns", "exec", RECEIVING, *NETVIZ, "live", "-i", "in0", "-f", "udp port 9", "--lang", "ko"]
    with screen(command) as terminal, socket_there() as out:
        terminal.shows("1 패킷", "in0에서")
        found = []
        for number in range(count):
            quiet(terminal)
            port = 20_000 + number
            data = frame()
            data = data[:PORT_AT] + port.to_bytes(2) + data[PORT_AT + 2 :]
            found.append(milliseconds(terminal, lambda data=data: out.send(data), re.compile(f"{port} ")))
        return found


@contextmanager
def socket_there() -> Iterator[socket.socket]:
    """A packet socket in the sending namespace: it stays there."""
    made: list[socket.socket] = []

    def make() -> None:
        import ctypes

        with open(f"/run/netns/{SENDING}", "rb") as there:
            ctypes.CDLL(None, use_errno=True).setns(there.fileno(), 0x40000000)
        made.append(socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0))
        made[0].bind(("out0", 0))

    # A thread of its own: it alone changes its namespace.
    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    with made[0]:
        yield made[0]


# From a click to its verdict.


def clicks(count: int) -> list[float]:
    port = 21_000 + os.getpid() % 10_000
    with screen([*NETVIZ, "lab", "cors", "--lang", "ko", "--port", str(port)]) as terminal:
        page = re.search(r"http://localhost:\d+/", terminal.shows("Enter"))
        assert page is not None
        terminal.press("\r")
        terminal.shows("1 패킷")
        quiet(terminal)
        terminal.press("5")
        terminal.shows("URL")
        found = []
        with chromium(HERE, (LOCALHOST,)) as browser:
            browser.load(page.group())
            browser.evaluate("window.ready")
            for number in range(1, count + 1):
                browser.evaluate(f"choose('{CASES[number % 2]}')")
                quiet(terminal)
                row = re.compile(rf" {number} . (허용|차단) +PUT")
                found.append(milliseconds(terminal, lambda: browser.evaluate(CLICK), row))
        terminal.press("q")
        terminal.ends()
        return found


# Bounds.


def bounded(bound: str, rate: int, seconds: float) -> None:
    command = ["ip", "netns", "exec", RECEIVING, *NETVIZ, "live", "-i", "in0", "--lang", "ko", "--keep", bound]
    with screen(command) as terminal:
        terminal.shows("1 패킷", "in0")
        load = ["ip", "netns", "exec", SENDING, sys.executable, str(LOAD), "out0", "--rate", str(rate)]
        with subprocess.Popen([*load, "--seconds", str(seconds)], stdout=subprocess.PIPE, text=True) as sender:
            began, found, reached = time.monotonic(), [], 0.0
            while sender.poll() is None:
                terminal.forget()
                terminal.paints(1.0)
                at = time.monotonic() - began
                reached = reached or (at if "100 %" in terminal.text else 0.0)
                found.append((at, *resident(terminal.process.pid)))
            assert sender.stdout is not None
            sent = int(sender.stdout.read().split()[0])
        terminal.forget()
        terminal.press("q")
        terminal.ends()
        said = [line.strip() for line in terminal.text.splitlines() if "개" in line]
        after = [each for each in found if reached and each[0] > reached + 2]
        print(f"  {bound}, {rate:,}/s for {seconds:g} s: reached after {reached:.0f} s; {sent:,} frames sent")
        for at, own, whole in (found[0], *(after[:1]), found[-1]):
            print(f"    {at:6.0f} s   {own:>6} MiB of its own, {whole:>6} MiB resident")
        print("    " + "\n    ".join(said[-3:]), flush=True)


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    given.add_argument("--count", type=int, default=40, help="packets and clicks that are timed")
    given.add_argument("--seconds", type=float, default=60, help="how long each bound is loaded; 0: not at all")
    given.add_argument("--rate", type=int, default=20_000)
    options = given.parse_args()
    if os.geteuid() != 0:
        raise SystemExit("needs root, for network namespaces and packet sockets")
    with machines():
        summed("From a frame to its row on the screen", rows(options.count))
        if shutil.which("chromium"):
            summed("From a click in the browser to the verdict on the screen", clicks(options.count))
        if options.seconds:
            print("What is kept, on the screen:")
            for bound in BOUNDS:
                bounded(bound, options.rate, options.seconds)


if __name__ == "__main__":
    main()
