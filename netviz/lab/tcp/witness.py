"""What the kernel itself says of its sockets: each change of state as it happened, and what is left at the end.

The tracepoint sock:inet_sock_set_state tells every change but two: a listener's half-open connections have no socket
yet (the first to be seen of them is SYN-RECEIVED, when the handshake is complete), and TIME-WAIT lives in a smaller
object of its own: the socket itself then goes to CLOSED. `left` tells the two apart.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from netviz.lab.namespaces import Namespace, run
from netviz.lab.requirements import CannotRecord

_TRACING: Final = Path("/sys/kernel/tracing")
_EVENT: Final = re.compile(
    r"\s(?P<seconds>\d+)\.(?P<rest>\d+): inet_sock_set_state: family=(?P<family>\S+) protocol=IPPROTO_TCP "
    r"sport=(?P<sport>\d+) dport=(?P<dport>\d+) saddr=(?P<saddr>\S+) daddr=(?P<daddr>\S+) "
    r"saddrv6=(?P<saddrv6>\S+) daddrv6=(?P<daddrv6>\S+) oldstate=TCP_(?P<old>\w+) newstate=TCP_(?P<new>\w+)"
)
STATES: Final = {
    "CLOSE": "CLOSED", "LISTEN": "LISTEN", "SYN_SENT": "SYN-SENT", "SYN_RECV": "SYN-RECEIVED",
    "NEW_SYN_RECV": "SYN-RECEIVED", "ESTABLISHED": "ESTABLISHED", "FIN_WAIT1": "FIN-WAIT-1", "FIN_WAIT2": "FIN-WAIT-2",
    "CLOSE_WAIT": "CLOSE-WAIT", "CLOSING": "CLOSING", "LAST_ACK": "LAST-ACK", "TIME_WAIT": "TIME-WAIT",
}  # fmt: skip
"""The kernel's name -> RFC 9293's."""

_LEFT: Final = {
    "ESTAB": "ESTABLISHED", "SYN-SENT": "SYN-SENT", "SYN-RECV": "SYN-RECEIVED", "FIN-WAIT-1": "FIN-WAIT-1",
    "FIN-WAIT-2": "FIN-WAIT-2", "TIME-WAIT": "TIME-WAIT", "CLOSE-WAIT": "CLOSE-WAIT", "LAST-ACK": "LAST-ACK",
    "CLOSING": "CLOSING",
}  # fmt: skip


class Change(NamedTuple):
    """One change of one socket's state."""

    time: int
    """Nanoseconds since the epoch."""

    local: str
    """Address, a space and the port."""

    remote: str
    before: str
    after: str


@dataclass(slots=True)
class Witness:
    """The kernel's record of one scenario."""

    changes: list[Change] = field(default_factory=list)


@contextmanager
def witnessing(addresses: tuple[str, ...]) -> Iterator[Witness]:
    """Note all changes of sockets with these addresses during the block. Raises: CannotRecord without tracefs."""
    instance = _TRACING / "instances" / f"nvcap-{os.getpid()}"
    witness = Witness()
    try:
        instance.mkdir()
        (instance / "trace_clock").write_text("tai")
        (instance / "buffer_size_kb").write_text("256")
        (instance / "events/sock/inet_sock_set_state/enable").write_text("1")
    except OSError as error:
        raise CannotRecord("lab-command-failed", command="tracefs", reason=str(error)) from error
    try:
        yield witness
        witness.changes += [change for change in _read(instance / "trace") if change.local.split()[0] in addresses]
    finally:
        (instance / "events/sock/inet_sock_set_state/enable").write_text("0")
        instance.rmdir()


def left(machine: Namespace) -> dict[tuple[str, str], str]:
    """The sockets that a machine still has: local and remote end -> state."""
    with machine.entered():
        said = run("ss", "-H", "-t", "-a", "-n")
    found = {}
    for line in said.splitlines():
        state, _, _, local, remote, *_ = line.split()
        if state in _LEFT:
            found[_end(local), _end(remote)] = _LEFT[state]
    return found


def _end(text: str) -> str:
    address, _, port = text.rpartition(":")
    return f"{address.strip('[]')} {port}"


def _read(trace: Path) -> Iterator[Change]:
    for line in trace.read_text().splitlines():
        event = _EVENT.search(line)
        if event is None:
            continue
        at = int(event["seconds"]) * 10**9 + int(event["rest"].ljust(9, "0"))
        local, remote = ("saddr", "daddr") if event["family"] == "AF_INET" else ("saddrv6", "daddrv6")
        yield Change(
            at, f"{event[local]} {event['sport']}", f"{event[remote]} {event['dport']}",
            STATES[event["old"]], STATES[event["new"]],
        )  # fmt: skip
