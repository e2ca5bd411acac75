"""What goes wrong while an interface is watched, made for real in namespaces: a clear line on the screen and as text, in
both languages, and what was captured stays readable."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.explain.words import say

NETVIZ = [sys.executable, "-P", "-m", "netviz"]
PAIR = (
    "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6; "
    "ip link set lo up; ip link add va type veth peer name vb; ip link set va up; ip link set vb up"
)
"""Without IPv6 nobody speaks there but us."""
PACKETS = """
import socket, sys
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
out.bind((sys.argv[1], 0))
for _ in range(int(sys.argv[2])):
    out.send(bytes.fromhex("ffffffffffff020000000001" "88b5") + bytes(int(sys.argv[3])))
"""

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root"),
    pytest.mark.skipif(
        not all(map(shutil.which, ("ip", "unshare", "nsenter", "mount"))), reason="needs ip, unshare, nsenter and mount"
    ),
]


class Watched:
    """`netviz live` in a network namespace of its own with a veth pair `va`, `vb`."""

    def __init__(self, terminal, folder: Path, *arguments: str, before: str = "true", **environment: str) -> None:
        self.file = folder / "written.pcapng"
        script = f'{PAIR}; {before}; exec "$@"'
        command = ["unshare", "-n", "-m", "sh", "-ec", script, "sh", *NETVIZ, "live", *arguments]
        self.program = terminal(command, (120, 40), **environment)

    def run(self, *command: str) -> None:
        """Run a program in the namespace."""
        pid = str(self.program.process.pid)
        subprocess.run(["nsenter", f"--net=/proc/{pid}/ns/net", "-t", pid, *command], check=True, capture_output=True)

    def send(self, count: int = 1, size: int = 46, interface: str = "va") -> None:
        """Let frames come."""
        self.run(sys.executable, "-c", PACKETS, interface, str(count), str(size))


@pytest.fixture
def watched(terminal, tmp_path):
    may = subprocess.run(["unshare", "-n", "-m", "sh", "-c", PAIR], capture_output=True, text=True, check=False)
    if may.returncode:
        pytest.skip(f"no namespace with a veth pair: {may.stderr.strip()}")
    # The user that netviz becomes writes nothing here; the file is made before.
    tmp_path.chmod(0o755)
    return lambda *arguments, **more: Watched(terminal, tmp_path, *arguments, **more)


def frames_of(file: Path) -> int:
    source = open_capture(str(file))
    count = sum(len(batch) for batch in source.batches())
    assert not source.info.cut_short
    return count


def listening(language: str, *, text: bool) -> str:
    return beginning("live.listening" if text else "live.waiting", language, interface="vb")


def beginning(key: str, language: str, **details: object) -> str:
    """How a sentence begins: its end may be on another line of the screen."""
    others = dict.fromkeys(("file", "packets", "bytes", "reason"), "")
    return say(key, language, **others | details)[:24]


@pytest.mark.parametrize(
    "form, language, end",
    [(["--text"], "ko", "live.note.gone"), ([], "en", "cut.interface-down")],
    ids=["text-ko", "screen-en"],
)
def test_an_interface_goes_down_comes_back_and_vanishes(watched, tmp_path, form, language, end):
    file = tmp_path / "written.pcapng"
    seen = watched("-i", "vb", "-w", str(file), "--lang", language, *form)
    seen.program.shows(listening(language, text=bool(form)))
    seen.send(3)
    seen.program.shows("02:00:00:00:00:01")
    seen.run("ip", "link", "set", "vb", "down")
    seen.program.shows(beginning("live.note.down", language, interface="vb"))
    seen.run("ip", "link", "set", "vb", "up")
    wait_until_up(seen)
    before = file.stat().st_size
    ends = time.monotonic() + 20
    while file.stat().st_size < before + 2 * 80 and time.monotonic() < ends:
        seen.send(1)
    seen.program.forget()
    seen.run("ip", "link", "delete", "vb")
    seen.program.shows(beginning(end, language, interface="vb"))
    if not form:
        seen.program.press("q")
    assert seen.program.ends() == 1
    assert frames_of(file) >= 5


def wait_until_longer(file: Path, size: int) -> None:
    ends = time.monotonic() + 20
    while file.stat().st_size < size and time.monotonic() < ends:
        threading.Event().wait(0.01)


def wait_until_up(seen: Watched) -> None:
    ends = time.monotonic() + 20
    pid = str(seen.program.process.pid)
    while time.monotonic() < ends:
        shown = subprocess.run(
            ["nsenter", f"--net=/proc/{pid}/ns/net", "ip", "link", "show", "vb"],
            capture_output=True,
            text=True,
            check=True,
        )
        if "state UP" in shown.stdout:
            return
    raise AssertionError(shown.stdout)


@pytest.mark.parametrize(
    "form, language, words",
    [(["--text"], "en", "no room left to write"), ([], "ko", "쓸 공간이 없습니다")],
    ids=["text-en", "screen-ko"],
)
def test_a_full_disk_ends_the_writing_and_keeps_what_was_written(watched, tmp_path, form, language, words):
    small = tmp_path / "small"
    small.mkdir()
    kept = tmp_path / "kept.pcapng"
    seen = watched(
        "-i", "vb", "-w", str(small / "written.pcapng"), "--lang", language, *form,
        before=f"mount --make-rprivate /; mount -t tmpfs -o size=64k,mode=755 none {small}",
    )  # fmt: skip
    seen.program.shows(listening(language, text=bool(form)))
    seen.send(200, 1000)
    seen.program.shows(words)
    pid = seen.program.process.pid
    shutil.copy(f"/proc/{pid}/root{small}/written.pcapng", kept)
    seen.program.forget()
    seen.send(1, 46)
    seen.program.press("q") if not form else seen.program.process.send_signal(signal.SIGINT)
    assert seen.program.ends() == 1
    assert 40 < frames_of(kept) < 80
    if shutil.which("tshark"):
        told = subprocess.run(["tshark", "-r", str(kept)], capture_output=True, text=True, check=False)
        assert told.returncode == 0 and len(told.stdout.splitlines()) == frames_of(kept), told.stderr


@pytest.mark.parametrize("language, words", [("ko", "더 쓸 수 없습니다")])
def test_a_folder_that_is_taken_away_ends_the_ring_and_keeps_its_files(watched, language, words):
    # A folder that the user whom netviz becomes can reach: that of a test is root's alone.
    with tempfile.TemporaryDirectory(prefix="netviz-test-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        ring = ["-w", str(folder / "a.pcapng"), "-b", "packets:2"]
        seen = watched("-i", "vb", *ring, "--text", "--lang", language)
        seen.program.shows(listening(language, text=True))
        seen.send(2)
        seen.program.shows("02:00:00:00:00:01")
        folder.chmod(0o555)
        seen.send(1)
        seen.program.shows(words)
        seen.program.process.send_signal(signal.SIGINT)
        assert seen.program.ends() == 1
        assert [frames_of(file) for file in folder.iterdir()] == [2]


@pytest.mark.parametrize("language, words", [("en", "nearly full")])
def test_a_full_disk_of_the_temporary_file_leaves_the_written_one_alone(watched, tmp_path, language, words):
    small = tmp_path / "small"
    small.mkdir()
    file = tmp_path / "written.pcapng"
    seen = watched(
        "-i", "vb", "-w", str(file), "--lang", language, TMPDIR=str(small),
        before=f"mount --make-rprivate /; mount -t tmpfs -o size=1m,mode=1777 none {small}",
    )  # fmt: skip
    seen.program.shows(listening(language, text=False))
    seen.send(20)
    seen.program.shows(words)
    seen.program.press("q")
    assert seen.program.ends() == 0
    assert frames_of(file) >= 20


@pytest.mark.parametrize(
    "form, number",
    [(["--text"], signal.SIGTERM), ([], signal.SIGHUP), ([], signal.SIGKILL)],
    ids=["text-SIGTERM", "screen-SIGHUP", "screen-SIGKILL"],
)
def test_however_it_is_ended_what_was_captured_is_readable(watched, tmp_path, form, number):
    file = tmp_path / "written.pcapng"
    seen = watched("-i", "vb", "-w", str(file), "--lang", "en", *form)
    seen.program.shows(listening("en", text=bool(form)))
    seen.send(5)
    seen.program.shows("02:00:00:00:00:01")
    wait_until_longer(file, 5 * 80)
    seen.program.process.send_signal(number)
    assert seen.program.ends() == (-9 if number == signal.SIGKILL else 0)
    assert frames_of(file) >= 5
    assert not seen.program.is_raw()


@pytest.mark.parametrize(
    "arguments, language, words, status",
    [
        (["-i", "wlan7"], "en", "wlan7: no such interface. There are:", 2),
        (["-i", "wlan7"], "ko", "wlan7: 그런 인터페이스가 없습니다.", 2),
        (["-i", "vb", "-f", "tcp port and"], "en", "goes wrong at `and`", 2),
        (["-i", "vb", "-w", "/nowhere/a.pcapng"], "en", "/nowhere/a.pcapng", 1),
    ],
)
def test_what_can_not_begin_says_why_in_one_line_and_starts_no_screen(watched, arguments, language, words, status):
    seen = watched(*arguments, "--lang", language)
    assert seen.program.ends() == status
    assert words in seen.program.text and "Traceback" not in seen.program.text
    assert b"\x1b[?1049h" not in seen.program.heard


@pytest.mark.parametrize(
    "language, words", [("en", "this user may not capture"), ("ko", "이 사용자는 캡처할 수 없습니다")]
)
def test_without_the_privilege_it_says_what_to_type(watched, language, words):
    if shutil.which("setpriv") is None:
        pytest.skip("not installed: setpriv")
    script = (
        "import os; os.environ['PATH'] = '/nowhere'; from netviz.cli.main import main; "
        "from netviz.capture.privileges import drop_privileges; from netviz.cli import live, arguments; "
        "from netviz.explain.words import tables; import netviz.capture.dumpcap, scapy.arch.common; "
        f"tables(); drop_privileges(); raise SystemExit(main(['live', '-i', 'lo', '--text', '--lang', '{language}']))"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert told.returncode == 1, told.stderr
    assert words in told.stderr and "sudo netviz live -i lo" in told.stderr
