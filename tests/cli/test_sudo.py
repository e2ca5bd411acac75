"""`sudo netviz live` for real, by a user who exists only in these tests: who looks at packets has no privilege left.

The user, and what sudo lets him do, are files bound over the machine's own in a mount namespace: nothing of it stays.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture

USER, NUMBER = "netviz-student", 64_123
LIVE = ("-m", "netviz", "live", "-i", "lo")
PING = "import socket; [socket.socket(2, 2).sendto(b'netviz', ('127.0.0.1', 9)) for _ in range(4)]"
BACK = """
import os, socket
from netviz.capture.interface import LiveSource
from netviz.capture.privileges import drop_privileges
source = LiveSource("lo")
drop_privileges()
packet_socket = lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
for attempt in (lambda: os.setuid(0), lambda: os.seteuid(0), lambda: os.setgid(0), packet_socket):
    try:
        attempt()
    except PermissionError:
        print("refused")
print(os.getresuid(), os.getresgid(), os.getgroups())
"""
NEEDED = ("sudo", "unshare", "setpriv", "nsenter", "mount", "ip")

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="making a user, even for a moment, needs root"),
    pytest.mark.skipif(
        not all(map(shutil.which, NEEDED)),
        reason=f"not installed: {', '.join(name for name in NEEDED if shutil.which(name) is None)}",
    ),
]


class Student:
    """Somebody who may use sudo, on a machine of his own: a mount and a network namespace."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.home.mkdir(mode=0o755)
        os.chown(self.home, NUMBER, NUMBER)
        lines = {
            "passwd": f"{USER}:x:{NUMBER}:{NUMBER}::{self.home}:/bin/sh",
            "group": f"{USER}:x:{NUMBER}:",
            "shadow": f"{USER}:*:19000:0:99999:7:::",
        }
        for name, line in lines.items():
            (folder / name).write_text(Path("/etc", name).read_text() + line + "\n")
        (folder / "sudoers").write_text(f"Defaults env_reset\nroot ALL=(ALL) ALL\n{USER} ALL=(root) NOPASSWD: ALL\n")
        (folder / "sudoers").chmod(0o440)
        binds = " && ".join(f"mount --bind {folder}/{name} /etc/{name}" for name in (*lines, "sudoers"))
        self._script = f'mount --make-rprivate / && {binds} && ip link set lo up && cd {self.home} && exec "$@"'

    def typed(self, *command: str) -> list[str]:
        """What it takes to let the student type a command."""
        become = ["setpriv", f"--reuid={NUMBER}", f"--regid={NUMBER}", "--clear-groups"]
        own = ["env", "-i", f"HOME={self.home}", f"USER={USER}", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
               "LANG=C.UTF-8", "TERM=xterm-256color"]  # fmt: skip
        return ["unshare", "-m", "-n", "sh", "-ec", self._script, "sh", *become, *own, *command]


@pytest.fixture
def student(tmp_path: Path) -> Student:
    for folder in (tmp_path, *tmp_path.parents):
        if not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o111)
        if folder == Path("/tmp"):
            break
    made = Student(tmp_path)
    tried = subprocess.run(
        made.typed("sudo", "-n", "id", "-u"), capture_output=True, text=True, check=False, timeout=30
    )
    if tried.stdout.strip() != "0":
        pytest.skip(f"sudo does not work in a mount namespace here: {tried.stderr.strip()}")
    return made


def below(pid: int) -> Iterator[int]:
    """A process and all that it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from below(int(child))


def looking(pid: int) -> int:
    """The netviz among them: the last that runs Python."""
    found = [
        each for each in below(pid) if Path(f"/proc/{each}/cmdline").read_bytes().startswith(sys.executable.encode())
    ]
    assert found, "no netviz"
    return found[-1]


def statuses(pid: int) -> list[dict[str, list[str]]]:
    """What the kernel says of each thread of a process."""
    texts = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/status")]
    return [{line.split(":")[0]: line.split(":")[1].split() for line in text.splitlines()} for text in texts]


def assert_harmless(pid: int, *, bounded: bool = True) -> None:
    """No thread has a privilege, nor can get one. Only who was root can also empty the bounding set."""
    for status in statuses(pid):
        assert status["Uid"] == status["Gid"] == [str(NUMBER)] * 4 and status.get("Groups", []) == []
        held = {name: status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapAmb", *["CapBnd"] * bounded)}
        assert all(int(value[0], 16) == 0 for value in held.values()), held
        assert status["NoNewPrivs"] == ["1"]


def speak(pid: int) -> None:
    subprocess.run(["nsenter", f"--net=/proc/{pid}/ns/net", sys.executable, "-c", PING], check=True)


def owners(folder: Path) -> set[int]:
    """Who has what lies in a folder."""
    return {path.lstat().st_uid for path in folder.rglob("*")}


@pytest.mark.parametrize("form", ["text", "screen"])
def test_who_parses_is_the_user_without_a_privilege(student: Student, terminal: Callable, form: str) -> None:
    file = student.home / "written.pcapng"
    options = ["-w", str(file), "--lang", "en", *(["--text"] if form == "text" else [])]
    program = terminal(student.typed("sudo", "-n", sys.executable, *LIVE, *options), (120, 40))
    program.shows("Listening on lo" if form == "text" else "None has come yet")
    pid = looking(program.process.pid)
    assert_harmless(pid)
    speak(pid)
    program.shows("127.0.0.1")
    assert_harmless(pid)
    program.press("\x03" if form == "text" else "q")
    assert program.ends() == 0, program.text
    assert file.stat().st_uid == file.stat().st_gid == NUMBER
    source = open_capture(str(file))
    assert sum(len(batch) for batch in source.batches()) >= 4
    assert owners(student.home) == {NUMBER}


def test_there_is_no_way_back(student: Student) -> None:
    told = subprocess.run(
        student.typed("sudo", "-n", "env", f"PYTHONPATH={os.pathsep.join(sys.path)}", sys.executable, "-c", BACK),
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert told.stdout.splitlines() == ["refused"] * 4 + [f"{(NUMBER,) * 3} {(NUMBER,) * 3} []"]


def test_what_netviz_remembers_does_not_become_roots(student: Student, terminal: Callable) -> None:
    capture = str(Path(__file__).parents[2] / "captures" / "demo.pcapng")
    shutil.copy(capture, student.home / "mine.pcapng")
    os.chown(student.home / "mine.pcapng", NUMBER, NUMBER)
    command = student.typed(
        "sudo", "-n", f"HOME={student.home}", sys.executable, "-m", "netviz", "mine.pcapng", "--lang", "en"
    )
    program = terminal(command, (120, 40))
    program.shows("ARP")
    program.press("/")
    program.press("tcp\r")
    program.shows("[SYN]")
    program.press("\x03")
    assert program.ends() == 0
    assert owners(student.home) == {NUMBER}


def test_with_a_capability_on_the_interpreter_no_root_is_needed(
    student: Student, terminal: Callable, tmp_path: Path
) -> None:
    """The way that `setcap cap_net_raw+ep` on a copy of Python opens."""
    if shutil.which("setcap") is None:
        pytest.skip("not installed: setcap")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = shutil.which(version, path="/usr/bin:/usr/local/bin")
    if found is None:
        pytest.skip(f"no {version} that every user may run")
    copy = tmp_path / "python"
    shutil.copy(os.path.realpath(found), copy)
    copy.chmod(0o755)
    done = subprocess.run(["setcap", "cap_net_raw+ep", str(copy)], capture_output=True, text=True, check=False)
    packages = [path for path in sys.path if path.endswith("site-packages")] + [str(Path(__file__).parents[2])]
    own = ["env", f"PYTHONPATH={os.pathsep.join(packages)}", f"PYTHONHOME={Path(found).parents[1]}"]
    tried = subprocess.run(
        student.typed(*own, str(copy), "-c", "import numpy, scapy, netviz"), capture_output=True, text=True, check=False
    )
    if done.returncode or tried.returncode:
        pytest.skip(f"that user can not run it: {done.stderr}{tried.stderr[-300:]}")
    file = student.home / "written.pcapng"
    program = terminal(student.typed(*own, str(copy), *LIVE, "--text", "--lang", "en", "-w", str(file)))
    program.shows("Listening on lo")
    assert_harmless(program.process.pid, bounded=False)
    speak(program.process.pid)
    program.shows("127.0.0.1")
    program.process.send_signal(signal.SIGINT)
    assert program.ends() == 0 and file.stat().st_uid == NUMBER
