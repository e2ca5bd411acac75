"""Live capture against tcpdump and scapy, side by side in one run: `make bench-live` (root; Linux).

A veth pair between two network namespaces of our own; a sender in one, each receiver in turn in the other. Printed are
the highest rate that a receiver held without loss, its processor time a packet, the delay from wire to screen, and the
memory of netviz over a run at full speed. All of it are figures of one run on one machine: look at the ratios.
Nothing here is a test: no test depends on how fast a machine is.
"""

import argparse
import contextlib
import ctypes
import os
import re
import resource
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

NETVIZ = [sys.executable, "-m", "netviz"]
SENDING, RECEIVING = f"nvbench-{os.getpid()}-a", f"nvbench-{os.getpid()}-b"
RATES = (1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 512_000, 1_000_000)
FRAME_BYTES = 300
PORT = 9
SCAPY = """
import signal, sys
from scapy.all import conf, sniff
conf.bufsize = 32 << 20
count = [0]
def counted(packet): count[0] += 1; packet.summary()
def end(*_): raise KeyboardInterrupt
signal.signal(signal.SIGINT, end)
print("listening on", flush=True, file=sys.stderr)
sniff(iface="in0", prn=counted, store=0, filter="udp port 9")
print(count[0], "packets captured", file=sys.stderr)
"""


# The pair of machines.


@contextlib.contextmanager
def machines() -> Iterator[None]:
    """Two namespaces with a veth pair between them."""
    try:
        for name in (SENDING, RECEIVING):
            ip("netns", "add", name)
        ip("link", "add", "out0", "netns", SENDING, "type", "veth", "peer", "name", "in0", "netns", RECEIVING)
        for name, interface, address in ((SENDING, "out0", "10.66.0.1/24"), (RECEIVING, "in0", "10.66.0.2/24")):
            ip("-n", name, "addr", "add", address, "dev", interface)
            ip("-n", name, "link", "set", interface, "up")
        time.sleep(1)
        yield
    finally:
        for name in (SENDING, RECEIVING):
            subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


# The sender: its own process, so that it takes nothing from a receiver but the machine.


def frame() -> bytes:
    payload = bytes(FRAME_BYTES - 42)
    udp = struct.pack(">HHHH", 40000, PORT, 8 + len(payload), 0)
    head = struct.pack(
        ">BBHHHBBH4s4s", 0x45, 0, 28 + len(payload), 0, 0, 64, 17, 0, b"\x0a\x42\x00\x01", b"\x0a\x42\x00\x02"
    )
    total = sum(struct.unpack(">10H", head))
    total = (total & 0xFFFF) + (total >> 16)
    head = head[:10] + struct.pack(">H", ~total & 0xFFFF) + head[12:]
    return bytes.fromhex("ffffffffffff0200000000010800") + head + udp + payload


def send(rate: int, seconds: float) -> int:
    """Send frames at a rate by sendmmsg(2); returns how many."""
    out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    out.setsockopt(263, 20, 1)  # SOL_PACKET, PACKET_QDISC_BYPASS
    out.bind(("out0", 0))
    at_once = max(1, min(256, rate // 500))
    data = ctypes.create_string_buffer(frame())
    pointers = (ctypes.c_void_p * 2)(ctypes.addressof(data), FRAME_BYTES)
    # struct mmsghdr (64 bytes): name, namelen, iov, iovlen, control, controllen, flags, then what was sent.
    header = struct.pack("QIxxxxQQQQixxxxIxxxx", 0, 0, ctypes.addressof(pointers), 1, 0, 0, 0, 0)
    messages = ctypes.create_string_buffer(header * at_once)
    library = ctypes.CDLL(None, use_errno=True)
    sent, began = 0, time.monotonic()
    while True:
        elapsed = time.monotonic() - began
        if elapsed >= seconds:
            break
        due = int(elapsed * rate) - sent
        if due < at_once:
            time.sleep(min((at_once - due) / rate, 0.002))
            continue
        done = library.sendmmsg(out.fileno(), messages, at_once, 0)
        sent += max(done, 0)
    print(sent, time.monotonic() - began, flush=True)
    return sent


def sending(rate: int, seconds: float) -> tuple[int, float]:
    """(frames, frames a second) that a sender of its own got out."""
    run = subprocess.run(
        ["ip", "netns", "exec", SENDING, sys.executable, __file__, "--send", str(rate), "--seconds", str(seconds)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    sent, took = run.stdout.split()
    return int(sent), int(sent) / float(took)


# The receivers.


def commands(folder: Path) -> dict[str, list[str]]:
    written = str(folder / "written.pcapng")
    return {
        "scapy sniff(prn)": [sys.executable, "-c", SCAPY],
        "tcpdump -w": ["tcpdump", "-i", "in0", "-w", str(folder / "t.pcap"), "-Z", "root", "-B", "65536", "udp port 9"],
        "netviz live -w, to a file only": [
            *NETVIZ, "live", "-i", "in0", "-f", "udp port 9", "-w", written, "--keep", "packets:1", "--text",
        ],
        "netviz live -w, analysed": [*NETVIZ, "live", "-i", "in0", "-f", "udp port 9", "-w", written, "--text"],
    }  # fmt: skip


def receive(command: list[str], rate: int, seconds: float) -> tuple[int, int, float, float]:
    """(sent, received, rate reached, processor seconds) of one receiver."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(
        ["ip", "netns", "exec", RECEIVING, *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        said = Lines(process.stderr)
        try:
            said.wait_for("istening on")
        except TimeoutError:
            process.kill()
            raise
        time.sleep(0.3)
        sent, reached = sending(rate, seconds)
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=120)
        said.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    match = re.search(r"(\d+) packets? captured", said.text)
    assert match, said.text
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return sent, int(match.group(1)), reached, spent


class Lines(threading.Thread):
    """What a program says, and when it has said a word."""

    def __init__(self, stream: object) -> None:
        super().__init__(daemon=True)
        self._stream, self.text, self._news = stream, "", threading.Condition()
        self.start()

    def run(self) -> None:
        for line in self._stream:  # type: ignore[attr-defined]
            with self._news:
                self.text += line
                self._news.notify_all()

    def wait_for(self, word: str) -> None:
        with self._news:
            if not self._news.wait_for(lambda: word in self.text, 60):
                raise TimeoutError(f"did not start: {self.text}")


def highest_rates(seconds: float) -> dict[str, float]:
    best: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="netviz-bench-", dir="/var/tmp") as folder:
        for name, command in commands(Path(folder)).items():
            lost_before = False
            for rate in RATES:
                sent, received, reached, spent = receive(command, rate, seconds)
                lost = sent - received
                print(
                    f"  {name:32} asked {rate:>9,}/s  sent {reached:>9,.0f}/s  received {received:>9,} of {sent:>9,}"
                    f"  lost {max(lost, 0):>8,}  receiver+sender {1e6 * spent / max(sent, 1):6.2f} us each",
                    flush=True,
                )
                if lost > 0:
                    if lost_before:
                        break
                    lost_before = True
                else:
                    best[name] = max(best.get(name, 0), reached)
                if reached < 0.6 * rate:
                    break
    return best


# From wire to screen.


def delays(count: int) -> list[float]:
    """Milliseconds from a frame's sending to its line on standard output of `netviz live --text`."""
    command = ["ip", "netns", "exec", RECEIVING, *NETVIZ, "live", "-i", "in0", "-f", "udp port 9", "--text"]
    found: list[float] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        Lines(process.stderr).wait_for("istening on")
        time.sleep(0.5)
        for _ in range(count):
            began = time.monotonic()
            sent = threading.Thread(target=one_frame)
            sent.start()
            process.stdout.readline()
            found.append(1000 * (time.monotonic() - began))
            sent.join()
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
    return found


def one_frame() -> None:
    library = ctypes.CDLL(None, use_errno=True)
    with open(f"/run/netns/{SENDING}", "rb") as there:
        library.setns(there.fileno(), 0x40000000)
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as out:
            out.bind(("out0", 0))
            out.send(frame())


# Memory.


def memory(rate: int, seconds: float, keep: int) -> list[tuple[float, int, int]]:
    """(seconds, MiB of anonymous memory, MiB resident) of netviz while frames come at a rate."""
    command = [
        "ip", "netns", "exec", RECEIVING, *NETVIZ, "live", "-i", "in0", "-f", "udp port 9",
        "--keep", f"packets:{keep}", "--text",
    ]  # fmt: skip
    found = []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = Lines(process.stderr)
        said.wait_for("istening on")
        sender = threading.Thread(target=sending, args=(rate, seconds))
        sender.start()
        began = time.monotonic()
        while sender.is_alive():
            found.append((time.monotonic() - began, *resident(process.pid)))
            sender.join(timeout=max(seconds / 12, 1))
        process.send_signal(signal.SIGINT)
        process.wait(timeout=120)
        said.join()
        print("  " + said.text.strip().replace("\n", "\n  "))
    return found


def resident(process: int) -> tuple[int, int]:
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines() if ":" in line
    )
    return int(status["RssAnon"].split()[0]) >> 10, int(status["VmRSS"].split()[0]) >> 10


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    given.add_argument("--seconds", type=float, default=4, help="how long each rate is sent")
    given.add_argument("--memory-seconds", type=float, default=60, help="how long memory is watched; 0: not at all")
    given.add_argument("--memory-rate", type=int, default=50_000)
    given.add_argument("--keep", type=int, default=1_000_000, help="packets kept while memory is watched")
    given.add_argument("--send", type=int, help=argparse.SUPPRESS)
    options = given.parse_args()
    if options.send:
        send(options.send, options.seconds)
        return
    if os.geteuid() != 0:
        raise SystemExit("needs root, for network namespaces and packet sockets")
    with machines():
        print(f"Highest rate without loss, {FRAME_BYTES}-byte frames, {options.seconds:g} s each:")
        best = highest_rates(options.seconds)
        base = best.get("scapy sniff(prn)", float("nan"))
        for name, rate in best.items():
            print(f"  {name:32} {rate:>10,.0f}/s   {rate / base:6.1f} times sniff(prn)")
        found = sorted(delays(40))
        print(
            f"Wire to line of text: median {statistics.median(found):.0f} ms, "
            f"95 of 100 within {found[int(len(found) * 0.95) - 1]:.0f} ms, longest {found[-1]:.0f} ms"
        )
        if options.memory_seconds:
            print(f"Memory at {options.memory_rate:,}/s with --keep packets:{options.keep}:")
            for at, anonymous, whole in memory(options.memory_rate, options.memory_seconds, options.keep):
                print(f"  {at:6.0f} s   {anonymous:>6} MiB of its own, {whole:>6} MiB resident")


if __name__ == "__main__":
    main()
