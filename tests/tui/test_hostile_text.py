"""Nothing that a packet wrote reaches the terminal as a control sequence: the real program, watched on a real pty."""

import os
import pty
import re
import select
import struct
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")

MARKER = "EVILMARK"
HOSTILE = (
    b"GET /\x1b]0;EVILMARK\x07\x9b31m[/][bold]EVILMARK HTTP/1.1\r\nHost: a\x00b\x1b[2JEVILMARK\r\n"
    b"X-Bidi: \xe2\x80\xaeEVILMARK\xe2\x81\xa6\xe2\x80\x8b\r\nX-\x1b]52;c;RVZJTE1BUks=\x07Name: v\r\n"
    b"Origin: http://evil\x1bPEVILMARK\x1b\\\r\nCookie: [/b][red]=\x08\x7f\xc2\x9bEVILMARK\r\n\r\n"
)
ANSWER = (
    b"HTTP/1.1 200 \x1b[31mEVILMARK\x1b]2;x\x07\r\nAccess-Control-Allow-Origin: [/]\x1b[0m\r\n"
    b"Content-Length: 9\r\n\r\n\x1b]0;EVIL\x07"
)

OURS = re.compile(
    rb"\x1b\[[0-9;:?>=<$ ]*[A-Za-z@`{|}~]"  # CSI: colours, cursor, modes
    rb"|\x1b[=>78cDEHM]"
    rb"|\x1b[()][A-Z0-9]"
    rb"|\x1b\]22;[a-z-]*\x07"  # the shape of the mouse pointer
)


def capture(path: Path, make_frames) -> None:
    frames = make_frames([(0, 2, b""), (1, 18, b""), (0, 16, b""), (0, 24, HOSTILE), (1, 24, ANSWER)])
    records = b"".join(struct.pack("<IIII", 1, at, len(each), len(each)) + each for at, each in enumerate(frames))
    path.write_bytes(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + records)


def run_on_a_pty(program: str, keys: list[bytes], size: tuple[int, int]) -> bytes:
    """Everything that a program wrote to its terminal while keys were typed, each after the screen had come to rest."""
    parent, child = pty.openpty()
    import fcntl
    import termios

    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=child, stdout=child, stderr=child, env=environment
    )
    os.close(child)
    written = bytearray()
    try:
        read_until_rest(parent, written, first=20.0)
        for key in keys:
            os.write(parent, key)
            read_until_rest(parent, written, first=5.0)
        os.write(parent, b"q")
        read_until_rest(parent, written, first=5.0)
        process.wait(timeout=20)
    finally:
        if process.poll() is None:
            process.kill()
        os.close(parent)
    assert process.returncode == 0, written[-2000:]
    return bytes(written)


def read_until_rest(terminal: int, into: bytearray, first: float) -> None:
    until = time.monotonic() + first
    while time.monotonic() < until and select.select([terminal], [], [], until - time.monotonic())[0]:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            return
        if not part:
            return
        into.extend(part)
        answer_questions(terminal, part)
        until = time.monotonic() + 0.7


def answer_questions(terminal: int, part: bytes) -> None:
    if b"\x1b[6n" in part:
        os.write(terminal, b"\x1b[1;2R")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_only_our_own_sequences_reach_the_terminal(tmp_path, make_frames, size):
    path = tmp_path / "evil.pcap"
    capture(path, make_frames)
    program = textwrap.dedent(f"""
        from netviz.capture.opening import open_capture
        from netviz.pipeline.analyzer import Analyzer
        from netviz.tui.app import run
        source = open_capture({str(path)!r})
        raise SystemExit(run(Analyzer(source.info), source, "ko"))
    """)
    keys = [key.encode() for key in "Gk\tjj\t\t2n3\t4\t\t5\t?\x1b"]
    written = run_on_a_pty(program, keys, size)
    assert MARKER.encode() in written
    rest = OURS.sub(b"", written)
    text = rest.decode("utf-8")
    assert {char for char in text if ord(char) < 0x20} <= {"\r", "\n", "\x0f", "\t"}
    assert not {char for char in text if 0x7F <= ord(char) < 0xA0}
    assert not set("\u202e\u2066\u200b\u2028\u2029\ufeff") & set(text)
