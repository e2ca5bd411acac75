"""What is often told wrong is put right where a connection shows it: at the packet that proves it, and nowhere else."""

from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.pipeline.analyzer import analyze
from netviz.tcp.corrections import KINDS, corrections

CAPTURES = Path(__file__).parents[2] / "captures"


def found_in(name: str) -> dict[str, tuple[int, str]]:
    store = analyze(open_capture(str(CAPTURES / name)))
    return {each.kind: (each.packet, each.role) for each in corrections(store.connection(0), store.segments(0))}


@pytest.mark.parametrize(
    ("name", "kind", "packet", "role"),
    [
        ("handshake-four-way-close.pcap", "server-was-closed", 3, "server"),
        ("handshake-four-way-close.pcap", "syn-ack-two-segments", 4, "server"),
        ("handshake-four-way-close.pcap", "open-only-at-the-end", 4, "client"),
        ("handshake-four-way-close.pcap", "ack-takes-a-number", 5, "client"),
        ("handshake-four-way-close.pcap", "ack-is-seq-plus-one", 7, "server"),
        ("three-segment-close.pcap", "four-segments", None, None),
        ("three-segment-close.pcap", "passive-closer-time-wait", None, None),
        ("three-segment-close.pcap", "both-time-wait", None, None),
        ("three-segment-close.pcap", "time-wait-for-data", None, None),
        ("three-segment-close.pcap", "fin-alone", None, None),
        ("tcp/close-by-server-middle.pcap", "client-closes", None, "server"),
        ("tcp/half-closed-with-data-middle.pcap", "fin-ends-both-ways", None, None),
        ("tcp/fins-cross-middle.pcap", "one-side-closes", None, None),
        ("tcp/simultaneous-open-middle.pcap", "one-side-opens", None, None),
        ("refused.pcap", "silence-is-refusal", None, "server"),
        ("reset.pcap", "always-closed-by-fin", None, None),
        ("http-loss.pcap", "lost-packet-again", 28, "server"),
        ("http-loss.pcap", "three-acknowledgements", 28, "server"),
        ("zero-window.pcap", "full-window-is-congestion", None, None),
        ("zero-window.pcap", "window-as-it-stands", None, None),
        ("tcp/keep-alive-middle.pcap", "keep-alive-of-http", None, None),
    ],
)
def test_it_is_put_right_at_its_packet(name: str, kind: str, packet: int | None, role: str | None) -> None:
    found = found_in(name)
    assert kind in found
    assert packet in (None, found[kind][0]) and role in (None, found[kind][1])


@pytest.mark.parametrize(
    ("name", "absent"),
    [
        (
            "handshake-four-way-close.pcap",
            {"four-segments", "fin-ends-both-ways", "always-closed-by-fin", "one-side-opens"},
        ),
        ("refused.pcap", {"syn-ack-two-segments", "fin-alone", "always-closed-by-fin", "server-was-closed"}),
        ("reset.pcap", {"passive-closer-time-wait", "both-time-wait"}),
        (
            "tcp/fins-cross-middle.pcap",
            {"passive-closer-time-wait", "both-time-wait", "client-closes", "four-segments"},
        ),
        ("tcp/timeouts-double-middle.pcap", {"three-acknowledgements"}),
    ],
)
def test_what_a_connection_does_not_show_is_not_told(name: str, absent: set[str]) -> None:
    assert set(found_in(name)) & absent == set()


def test_every_error_is_found_in_some_capture() -> None:
    found: set[str] = set()
    for path in [*CAPTURES.glob("*.pcap"), *CAPTURES.glob("tcp/*-middle.pcap")]:
        store = analyze(open_capture(str(path)))
        for number in range(store.connection_count()):
            for each in corrections(store.connection(number), store.segments(number)):
                assert 1 <= each.packet <= len(store.packets)
                found.add(each.kind)
    assert found == set(KINDS)
