"""Network namespaces as machines: made, entered, taken away. Knows interfaces and addresses, no traffic."""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from netviz.lab.requirements import CannotRecord

PREFIX: Final = "nvcap-"
_CLONE_NEWNET: Final = 0x40000000
_NAMES: Final = Path("/run/netns")
_OVERLAYS: Final = Path("/etc/netns")
_THIS_THREAD: Final = Path("/proc/thread-self/ns/net")


@dataclass(frozen=True, slots=True)
class Namespace:
    """One network namespace, by the name that `ip netns` gives it."""

    name: str

    @contextmanager
    def entered(self) -> Iterator[None]:
        """What this thread opens or starts in here belongs to the namespace; so do its children for good."""
        with _THIS_THREAD.open("rb") as home, (_NAMES / self.name).open("rb") as there:
            _set_namespace(there.fileno())
            try:
                yield
            finally:
                _set_namespace(home.fileno())

    def command(self, *arguments: str) -> list[str]:
        """A command line that runs a program inside, with the name server of `resolve_with`."""
        return ["ip", "netns", "exec", self.name, *arguments]

    def resolve_with(self, server: str) -> None:
        """Programs started by `command` ask this name server."""
        overlay = _OVERLAYS / self.name
        overlay.mkdir(parents=True, exist_ok=True)
        (overlay / "resolv.conf").write_text(f"nameserver {server}\noptions timeout:2 attempts:2\n")

    def ip(self, *arguments: str) -> None:
        """Run `ip` inside."""
        run("ip", "-n", self.name, *arguments)

    def setting(self, name: str, value: int | str) -> None:
        """Set a `net.` kernel setting inside; a kernel that lacks it is left as it is."""
        with self.entered(), suppress(FileNotFoundError):
            Path("/proc/sys/net", *name.split(".")).write_text(str(value))

    def counter(self, name: str) -> int:
        """A counter of the namespace's own TCP/IP: `Tcp.RetransSegs`, `TcpExt.TCPToZeroWindowAdv` ..."""
        group, key = name.split(".")
        with self.entered():
            for file in ("snmp", "netstat"):
                lines = Path("/proc/thread-self/net", file).read_text().splitlines()
                for names, values in zip(lines[::2], lines[1::2], strict=True):
                    found = dict(zip(names.split(), values.split(), strict=True))
                    if names.startswith(f"{group}:") and key in found:
                        return int(found[key])
        raise CannotRecord("lab-went-otherwise", what=f"no counter {name}")


@contextmanager
def namespace(role: str) -> Iterator[Namespace]:
    """A new namespace for the time of the block."""
    made = Namespace(f"{PREFIX}{os.getpid()}-{role}")
    run("ip", "netns", "add", made.name)
    try:
        made.ip("link", "set", "lo", "up")
        yield made
    finally:
        remove(made.name)


def remove(name: str) -> None:
    """Take a namespace away, with all interfaces in it and what `resolve_with` wrote."""
    subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)
    overlay = _OVERLAYS / name
    with suppress(OSError):
        (overlay / "resolv.conf").unlink()
    with suppress(OSError):
        overlay.rmdir()
    with suppress(OSError):
        _OVERLAYS.rmdir()


def remove_abandoned() -> list[str]:
    """Take away what recordings that were killed left behind; returns the names."""
    abandoned = [path.name for path in _NAMES.glob(f"{PREFIX}*") if not _owner_lives(path.name)]
    for name in abandoned:
        remove(name)
    return abandoned


def remove_owned_by(pid: int) -> list[str]:
    """Take away what a process that has ended left behind; returns the names."""
    left = [path.name for path in _NAMES.glob(f"{PREFIX}{pid}-*")]
    for name in left:
        remove(name)
    return left


def _owner_lives(name: str) -> bool:
    owner = name.removeprefix(PREFIX).split("-")[0]
    return owner.isdigit() and Path("/proc", owner).exists()


def run(*command: str) -> str:
    """Run a program to its end and return what it wrote. Raises: CannotRecord where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode:
        raise CannotRecord(
            "lab-command-failed", command=" ".join(command), reason=done.stderr.strip() or done.returncode
        )
    return done.stdout


def _set_namespace(descriptor: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.setns(descriptor, _CLONE_NEWNET):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
