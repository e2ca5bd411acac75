"""What recording needs of this machine, and a clear word where it is missing. Installs nothing."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from netviz.errors import NetvizError, NotPermitted

PACKAGES = {
    "ip": "iproute2",
    "ping": "iputils-ping",
    "dig": "bind9-dnsutils",
    "nginx": "nginx-light",
    "editcap": "wireshark-common",
}
"""Debian's package of a program where its name is another one."""

EVERY_SCENARIO = ("ip", "tcpdump")
TUN = Path("/dev/net/tun")


class CannotRecord(NetvizError):
    """Something that recording needs is not there, or a program did not do what the scenario is about."""


def require(programs: Iterable[str]) -> None:
    """Check that this process may make namespaces and that the programs are installed.

    Raises: NotPermitted without root, CannotRecord where a program is missing.
    """
    if os.geteuid() != 0:
        raise NotPermitted("lab-needs-root")
    require_programs((*EVERY_SCENARIO, *programs))


def require_programs(programs: Iterable[str]) -> None:
    """Check that programs are installed. Raises: CannotRecord where one is missing."""
    missing = [program for program in dict.fromkeys(programs) if shutil.which(program) is None]
    if missing:
        packages = sorted({PACKAGES.get(program, program) for program in missing})
        raise CannotRecord("lab-missing-program", programs=", ".join(missing), packages=" ".join(packages))


def missing_programs(programs: Iterable[str]) -> list[str]:
    """Those of the programs (and of what every scenario needs) that are not on the PATH, in order."""
    wanted = dict.fromkeys((*EVERY_SCENARIO, *programs))
    return [program for program in wanted if shutil.which(program) is None]
