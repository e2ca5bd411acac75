"""The phases of a connection's life, from both endpoints' states."""

from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.pipeline.analyzer import analyze
from netviz.tcp.phases import Phase, phase_of, phases
from netviz.tcp.states import State

CAPTURES = Path(__file__).parents[2] / "captures"
OPENING, OPEN, CLOSING, WAITING, OVER = Phase


@pytest.mark.parametrize("one", State)
@pytest.mark.parametrize("other", State)
def test_every_pair_of_states_has_a_phase(one: State, other: State) -> None:
    assert phase_of(frozenset((one, other)), True) in Phase


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("handshake-four-way-close.pcap", [OPENING, OPEN, CLOSING, WAITING]),
        ("three-segment-close.pcap", [OPENING, OPEN, CLOSING, WAITING]),
        ("refused.pcap", [OPENING, OVER]),
        ("reset.pcap", [OPENING, OPEN, OVER]),
        ("zero-window.pcap", [OPENING, OPEN, CLOSING, WAITING]),
        ("tcp/fins-cross-middle.pcap", [OPENING, OPEN, CLOSING, WAITING]),
        ("tcp/simultaneous-open-middle.pcap", [OPENING, OPEN, CLOSING, WAITING]),
    ],
)
def test_phases_come_in_order_each_with_its_packet(name: str, expected: list[Phase]) -> None:
    connection = analyze(open_capture(str(CAPTURES / name))).connection(0)
    found = phases(connection)
    assert [each.phase for each in found] == expected
    assert found[0].packet == connection.first_packet
    assert [each.packet for each in found] == sorted({each.packet for each in found})
