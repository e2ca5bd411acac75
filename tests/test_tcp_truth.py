"""netviz against two Linux kernels: the states of both ends of each recorded scenario, seen from three places.

A kernel's socket tells each change of state with its time, and three things otherwise than RFC 9293 has them, which
`truths` puts right: a half-open connection of a listener is no socket yet (SYN-RECEIVED begins with the SYN); a socket
that goes into TIME-WAIT, or waits for a FIN when its program is gone, is reported CLOSED; and a program that dies or
gives up closes without a packet.

Where packets can not show what a kernel did, or not from that place, REASONS says why.
"""

import json
import struct
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.lab.tcp.line import write_pcap
from netviz.lab.tcp.record import SCENARIOS, VANTAGES
from netviz.lab.wire import tagged
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.store import Store
from netviz.tcp.connection import Connection, Opening, Role
from netviz.tcp.states import State

FOLDER = Path(__file__).parents[1] / "captures" / "tcp"
RECORDED = json.loads((FOLDER / "truth.json").read_text())
SILENT = "a socket that is closed by a time-out, or forgotten, says nothing"
UNSEEN = "what would tell was lost on the line before it came to the capture"
CROSSED = "an acknowledgement sent before another arrived looks as one sent after it"
REASONS = {
    ("no-answer", "server"): "no packet came so far",
    ("no-answer", "client"): SILENT,
    ("no-answer", "middle"): SILENT,
    ("half-open-found-by-syn", "client"): SILENT,
    ("half-open-found-by-syn", "server"): SILENT,
    ("half-open-found-by-syn", "middle"): SILENT,
    ("reset-in-syn-received", "client"): "nothing tells that the handshake's last segment was lost",
    ("reset-in-syn-received", "middle"): "nothing tells that the handshake's last segment was lost",
    ("fins-cross-one-lost", "client"): UNSEEN,
    ("forged-reset-in-time-wait", "server"): UNSEEN,
    ("simultaneous-open-one-lost", "client"): UNSEEN,
    ("reset-in-closing", "server"): CROSSED,
}
"""(scenario, where it was captured) -> why netviz may say something else there."""

FILES = sorted(FOLDER.glob("*.pcap"))


@dataclass(frozen=True, slots=True)
class Truth:
    """One end of one connection."""

    local: str
    remote: str
    entered: tuple[str, ...]
    """States after the initial one, as RFC 9293 names them."""

    times: tuple[int, ...]
    """Nanoseconds since the epoch at which each was entered."""


def truths(recorded: dict, end: str) -> list[Truth]:
    """What one end's kernel says, a connection after another."""
    left = {(local, remote): state for local, remote, state in recorded["left"][end]}
    pairs = defaultdict(list)
    for time, local, remote, before, after in recorded["changes"][end]:
        lives = pairs[local, remote]
        if not lives or before in ("LISTEN", "CLOSED"):
            lives.append([])
        lives[-1].append((time, before, after))
    return [
        _truth(pair, changes, left.get(pair) if changes is lives[-1] else "TIME-WAIT")
        for pair, lives in pairs.items()
        for changes in lives
    ]


def _truth(pair: tuple[str, str], changes: list[tuple[int, str, str]], left: str | None) -> Truth:
    steps = [(time, after) for time, _, after in changes]
    time, before, after = changes[-1]
    if after == "CLOSED" and left is not None and before in ("FIN-WAIT-1", "FIN-WAIT-2", "CLOSING"):
        steps[-1:] = [] if left == before else [(time, left)]
    kept = [step for index, step in enumerate(steps) if not index or step[1] != steps[index - 1][1]]
    return Truth(*pair, tuple(state for _, state in kept), tuple(time for time, _ in kept))


def place(path: Path) -> tuple[str, str]:
    """Scenario and vantage of a capture."""
    name, _, vantage = path.stem.rpartition("-")
    return name, vantage


def differences(store: Store, recorded: dict) -> list[str]:
    """What netviz says otherwise than the kernels and the programs."""
    found = [store.connection(each) for each in store.connection_ids()]
    words = [each.opening.value for each in found], [each.closing.value for each in found]
    lines = [] if words == (recorded["opening"], recorded["closing"]) else [f"{words}"]
    for end in ("client", "server"):
        for connection, truth in zip(found, truths(recorded, end), strict=False):
            role = role_of(connection, truth)
            states = [state.value for state in connection.states(role)]
            if states != list(truth.entered) and states != with_time_wait(truth):
                lines.append(f"{end}: {states}, kernel {truth.entered}")
    return lines


def role_of(connection: Connection, truth: Truth) -> Role:
    """Which end netviz calls the client may differ where both opened: it goes by the first SYN captured."""
    return "client" if f"{connection.client.address} {connection.client.port}" == truth.local else "server"


def with_time_wait(truth: Truth) -> list[str]:
    """A TIME-WAIT that a reset has ended was no socket any more when the kernel was asked."""
    return [*truth.entered[:-1], "TIME-WAIT", "CLOSED"] if truth.entered[-1:] == ("CLOSED",) else []


def test_every_scenario_was_recorded() -> None:
    assert set(RECORDED) == set(SCENARIOS)
    assert {place(path)[0] for path in FILES} == set(SCENARIOS)
    assert all(place(path)[1] in VANTAGES for path in FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_states_and_words_are_those_of_the_kernels(path: Path) -> None:
    store = analyze(open_capture(str(path)))
    found = differences(store, RECORDED[place(path)[0]])
    assert bool(found) == (place(path) in REASONS), "\n".join(found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_kernel_takes_an_illegal_step(path: Path) -> None:
    store = analyze(open_capture(str(path)))
    steps = [step for each in store.connection_ids() for step in store.connection(each).transitions]
    assert [step for step in steps if step.illegal] == []


def test_the_truth_notices_what_is_wrong() -> None:
    """A comparison that can not fail would prove nothing."""
    recorded = json.loads(json.dumps(RECORDED["plain"]))
    store = analyze(open_capture(str(FOLDER / "plain-client.pcap")))
    assert differences(store, recorded) == []
    recorded["closing"] = ["reset"]
    del recorded["changes"]["client"][-1]
    assert len(differences(store, recorded)) == 2


def packets_of(name: str, vantage: str) -> list[tuple[int, bytes]]:
    raw = (FOLDER / f"{name}-{vantage}.pcap").read_bytes()
    at, found = 24, []
    while at < len(raw):
        seconds, rest, kept, _ = struct.unpack_from("<IIII", raw, at)
        found.append((seconds * 10**9 + rest, raw[at + 16 : at + 16 + kept]))
        at += 16 + kept
    return found


def store_of(packets: list[tuple[int, bytes]], folder: Path) -> Store:
    write_pcap(folder / "changed.pcap", packets)
    return analyze(open_capture(str(folder / "changed.pcap")))


def shifted(frame: bytes, sender_is_client: bool, by: int) -> bytes:
    """The frame with the client's sequence numbers moved."""
    at = 38 if sender_is_client else 42
    number = int.from_bytes(frame[at : at + 4]) + by & 0xFFFFFFFF
    return frame[:at] + number.to_bytes(4) + frame[at + 4 :]


CLOSES = ["plain", "close-by-server", "three-segments", "fins-cross", "fin-lost", "half-closed-with-data", "data-lost"]


@pytest.mark.parametrize("name", CLOSES)
def test_numbers_that_wrap_change_nothing(name: str, tmp_path: Path) -> None:
    packets = packets_of(name, "middle")
    first = int.from_bytes(packets[0][1][38:42])
    for ahead in (0, 1, 2, 9, 10):
        moved = [
            (time, shifted(frame, frame[29] == 2, (-ahead - first) & 0xFFFFFFFF)) if frame[23] == 6 else (time, frame)
            for time, frame in packets
        ]
        assert differences(store_of(moved, tmp_path), RECORDED[name]) == []


@pytest.mark.parametrize("name", CLOSES)
def test_vlan_tags_change_nothing(name: str, tmp_path: Path) -> None:
    packets = [(time, tagged(tagged(frame, 7), 9)) for time, frame in packets_of(name, "middle")]
    assert differences(store_of(packets, tmp_path), RECORDED[name]) == []


@pytest.mark.parametrize("name", CLOSES)
@pytest.mark.parametrize("vantage", VANTAGES)
def test_a_capture_that_begins_late_shows_the_rest(name: str, vantage: str, tmp_path: Path) -> None:
    whole = analyze(open_capture(str(FOLDER / f"{name}-{vantage}.pcap"))).connection(0)
    late = store_of(packets_of(name, vantage)[4:], tmp_path).connection(0)
    for role in ("client", "server"):
        states = whole.states(role)
        after = states[states.index(State.ESTABLISHED) + 1 :]
        same = role if late.client == whole.client else {"client": "server", "server": "client"}[role]
        assert (late.initial_states[same], late.states(same)) == (State.ESTABLISHED, after)
    assert (late.opening, late.closing) == (Opening.MID_STREAM, whole.closing)


@pytest.mark.parametrize("name", CLOSES)
def test_a_capture_that_ends_early_shows_what_came_before(name: str, tmp_path: Path) -> None:
    packets = packets_of(name, "middle")
    whole = store_of(packets, tmp_path).connection(0)
    for count in range(1, len(packets)):
        part = store_of(packets[:count], tmp_path).connection(0)
        proved = [step for step in part.transitions if step.proof is not None]
        assert [step for step in whole.transitions if step in proved] == proved
