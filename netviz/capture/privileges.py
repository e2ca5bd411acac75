"""Giving up every privilege once the socket is open, before the first packet is parsed. Knows no packets.

A dissector that a hostile packet takes over must have nothing worth taking: the process becomes the user who typed
sudo (or nobody), without groups, without capabilities, and may not gain any again.
"""

import ctypes
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_NOBODY: Final = 65534
_PR_SET_NO_NEW_PRIVS: Final = 38
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
    """Bit mask of this thread's effective and permitted capabilities (Linux); 0 where the system has none."""
    found = 0
    try:
        with open("/proc/thread-self/status", encoding="ascii") as status:
            for line in status:
                if line.startswith(("CapEff:", "CapPrm:")):
                    found |= int(line.split()[1], 16)
    except OSError:
        return 0
    return found


def _clear_capabilities() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "capset"):
        return
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if libc.capset(header, nothing) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def readable_afterwards(paths: Iterable[str]) -> bool:
    """Whether the identity that `drop_privileges` leads to may read files. Tried by a child process that becomes it."""
    child = os.fork()
    if child == 0:
        try:
            drop_privileges()
            for path in paths:
                with open(path, "rb"):
                    pass
        except (OSError, RuntimeError):
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return status == 0
