"""Giving up every privilege once the socket is open, before the first packet is parsed. Knows no packets.

A dissector that a hostile packet takes over must have nothing worth taking: the process becomes the user who typed
sudo (or nobody), without groups, without capabilities, and may not gain any again.
"""

import ctypes
import glob
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

_NOBODY: Final = 65534
_PR_CAPBSET_DROP: Final = 24
_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_CAP_AMBIENT: Final = 47
_PR_CAP_AMBIENT_CLEAR_ALL: Final = 4
_MOST_CAPABILITIES: Final = 64
_CAPABILITY_VERSION_3: Final = 0x20080522


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the process runs as."""

    user: int
    group: int


def target_identity() -> Identity:
    """Whom a root process becomes: the user behind sudo, else nobody."""
    user, group = os.environ.get("SUDO_UID", ""), os.environ.get("SUDO_GID", "")
    if user.isdigit() and group.isdigit() and user != "0":
        return Identity(int(user), int(group))
    return Identity(_NOBODY, _NOBODY)


def drop_privileges() -> Identity:
    """Give up root and all capabilities for good; returns who the process is now.

    Raises: OSError where the system refuses, and RuntimeError where privileges are still there afterwards: in both
    cases nothing may be parsed.
    """
    _empty_bounding_set()
    if os.geteuid() == 0:
        identity = target_identity()
        os.setgroups([])
        os.setresgid(identity.group, identity.group, identity.group)
        os.setresuid(identity.user, identity.user, identity.user)
    _clear_capabilities()
    if 0 in os.getresuid() or effective_capabilities():
        raise RuntimeError("privileges are still there")
    return Identity(os.geteuid(), os.getegid())


def effective_capabilities() -> int:
    """Bit mask of the capabilities that any thread of this process has, or could raise or pass on; 0 where none are.

    Capabilities are a thread's (capabilities(7)): one that a library started earlier would keep its own.
    """
    found = 0
    for status in glob.glob("/proc/self/task/*/status"):
        try:
            with open(status, encoding="utf-8") as lines:
                held = [line for line in lines if line.startswith(("CapEff:", "CapPrm:", "CapInh:", "CapAmb:"))]
        except OSError:
            continue
        for line in held:
            found |= int(line.split()[1], 16)
    return found


def may_capture() -> bool:
    """Whether this thread holds the capability that opening a packet socket takes (CAP_NET_RAW)."""
    cap_net_raw = 13
    try:
        with open("/proc/thread-self/status", encoding="utf-8") as status:
            held = next((int(line.split()[1], 16) for line in status if line.startswith("CapEff:")), 0)
    except OSError:
        return os.geteuid() == 0
    return bool(held >> cap_net_raw & 1)


def _empty_bounding_set() -> None:
    """No program that is started from here on can be given a capability. Only who holds CAP_SETPCAP may say so."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        for capability in range(_MOST_CAPABILITIES):
            if libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
                return


def _clear_capabilities() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "capset"):
        return
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if libc.capset(header, nothing) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def readable_afterwards(paths: Iterable[str]) -> bool:
    """Whether the identity that `drop_privileges` leads to may read files. Tried by a child process that becomes it."""

    def read() -> None:
        for path in paths:
            with open(path, "rb"):
                pass

    return _tried_afterwards(read)


def writable_afterwards(folder: str) -> bool:
    """Whether that identity may make files in a folder. Tried in the same way, without making one."""

    def look() -> None:
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError

    return _tried_afterwards(look)


def _tried_afterwards(step: Callable[[], object]) -> bool:
    child = os.fork()
    if child == 0:
        try:
            drop_privileges()
            step()
        except BaseException:
            # Whatever it is that this user can not do: the answer is no, and it is given without words.
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return status == 0
