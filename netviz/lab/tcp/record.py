"""`python -m netviz.lab.tcp.record [NAME ...]`: plays the TCP scenarios and stores captures with the kernels' truth.

Needs root for namespaces, TAP interfaces and tracefs. Each scenario gives three captures, at its client, its server and
in the middle of the line; `truth.json` says what both kernels made of it.
"""

import argparse
import json
import struct
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from netviz.errors import NetvizError
from netviz.explain.words import preferred_language, say
from netviz.lab.namespaces import remove_abandoned
from netviz.lab.requirements import require
from netviz.lab.tcp import scenarios
from netviz.lab.tcp.line import write_pcap
from netviz.lab.tcp.scenario import SCENARIOS, TcpScenario
from netviz.lab.tcp.stage import ADDRESSES, Stage, stage
from netviz.lab.tcp.witness import Change, Witness
from netviz.lab.wire import Sender

CAPTURES: Final = Path("captures") / "tcp"
TRUTH: Final = "truth.json"
VANTAGES: Final = ("client", "server", "middle")
_SNAPLEN: Final = 128
"""States are in the headers: that much is kept of a frame."""

_ENDS: Final[tuple[Sender, Sender]] = ("client", "server")

__all__ = ["CAPTURES", "TRUTH", "VANTAGES", "main", "record", "scenarios"]


def record(scenario: TcpScenario, into: Path) -> dict[str, object]:
    """Play a scenario, leave its three captures in a folder, and return the kernels' truth."""
    with tempfile.TemporaryDirectory(prefix="nvcap-") as folder:
        with stage(Path(folder), scenario.rules(), scenario.delay, scenario.version, scenario.settings) as (
            on,
            witness,
        ):
            scenario.play(on)
        truth = _truth(scenario, on, witness)
        for vantage in VANTAGES:
            whole = Path(folder, f"{vantage}.pcap").read_bytes()
            write_pcap(into / f"{scenario.name}-{vantage}.pcap", list(_packets(whole)), _SNAPLEN)
    return truth


def _packets(pcap: bytes) -> Iterator[tuple[int, bytes]]:
    """Time and bytes of each packet of a pcap with nanoseconds, as tcpdump writes it on this machine."""
    at = 24
    while at < len(pcap):
        seconds, rest, kept, _ = struct.unpack_from("=IIII", pcap, at)
        yield seconds * 10**9 + rest, pcap[at + 16 : at + 16 + kept]
        at += 16 + kept


def _truth(scenario: TcpScenario, on: Stage, witness: Witness) -> dict[str, object]:
    return {
        "opening": scenario.opening,
        "closing": scenario.closing,
        "delay": scenario.delay,
        "changes": {end: _changes(scenario, end, on, witness) for end in _ENDS},
        "left": {
            end: [[local, remote, state] for (local, remote), state in sorted(on.left[end].items())] for end in _ENDS
        },
    }


def _changes(scenario: TcpScenario, end: Sender, on: Stage, witness: Witness) -> list[list[object]]:
    """Time in nanoseconds, local end, remote end, state before and after, of one end's sockets with a remote end."""
    mine = ADDRESSES[scenario.version][end]
    return [list(change) for change in witness.changes if _is_of(change, mine) and change.time <= on.ended]


def _is_of(change: Change, address: str) -> bool:
    return change.local.split()[0] == address and not change.remote.endswith(" 0")


def _size(folder: Path, name: str) -> int:
    return sum((folder / f"{name}-{vantage}.pcap").stat().st_size for vantage in VANTAGES)


def main(arguments: Sequence[str] | None = None) -> int:
    """Record what was asked for; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m netviz.lab.tcp.record", description=say("lab.tcp.about", "en"))
    parser.add_argument("names", nargs="*", metavar="NAME", help=" ".join(SCENARIOS))
    parser.add_argument("--into", type=Path, metavar="FOLDER", default=CAPTURES, help=say("lab.into", "en"))
    options = parser.parse_args(arguments)
    try:
        require(("ss",))
        remove_abandoned()
        options.into.mkdir(parents=True, exist_ok=True)
        file = options.into / TRUTH
        truth = json.loads(file.read_text()) if file.exists() else {}
        for name in options.names or SCENARIOS:
            truth[name] = record(SCENARIOS[name], options.into)
            print(say("lab.recorded", preferred_language(), file=name, bytes=_size(options.into, name)), flush=True)
            lines = (f"{json.dumps(key)}: {json.dumps(truth[key])}" for key in sorted(truth))
            file.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    except NetvizError as error:
        print(say(f"error.{error.key}", preferred_language(), **error.details), file=sys.stderr)
        return error.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main())
