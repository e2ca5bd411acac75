"""Why segments were sent again: on the recorded scenarios, where it is known what was lost and which timers ran."""

from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.explain.words import LANGUAGES, say
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.connection_depth import connection_depth
from netviz.tcp.sent_again import Reason

CAPTURES = Path(__file__).parents[2] / "captures"


def depth_of(name, most=10):
    return connection_depth(analyze(open_capture(str(CAPTURES / name))), 0, most)


@pytest.mark.parametrize(
    ("name", "role", "told"),
    [
        ("tcp/syn-lost-client.pcap", "client", [(2, "timeout", 1, 1), (3, "timeout", 2, 2)]),
        ("tcp/timeouts-double-client.pcap", "client",
         [(9, "timeout", 8, 1), (10, "timeout", 9, 2), (11, "back-off", 10, 3)]),
        ("tcp/syn-ack-lost-server.pcap", "server", [(3, "timeout", 2, 1), (5, "answer", 3, 1)]),
        ("tcp/data-lost-without-sack-server.pcap", "server", [(58, "fast", 18, 1)]),
        ("tcp/burst-lost-server.pcap", "server",
         [(76, "recovery", 45, 1), (78, "recovery", 47, 1), (80, "recovery", 48, 1)]),
        ("tcp/window-closed-client.pcap", "client", [(11, "window-probe", 9, 1), (13, "window-probe", 11, 2)]),
        ("tcp/keep-alive-client.pcap", "server", []),
        ("http-loss.pcap", "server", [(28, "fast", 11, 1)]),
        ("tcp/plain-client.pcap", "client", []),
        ("tcp/data-twice-client.pcap", "server", []),
    ],
)  # fmt: skip
def test_why_it_was_sent_again(name, role, told):
    found = depth_of(name).sent_again[role]
    assert [(each.packet, each.reason.value, each.before, each.attempt) for each in found] == told


def test_a_back_off_waits_about_twice_as_long():
    last = depth_of("tcp/timeouts-double-client.pcap").sent_again["client"][-1]
    assert last.reason is Reason.BACK_OFF and last.ratio == pytest.approx(2.1, abs=0.1)
    assert last.waited == pytest.approx(484e6, rel=0.01)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_and_its_packets(reason):
    for language in LANGUAGES:
        text = say(
            f"sent-again.{reason.value}", language, packet=4711, waited="2.5 s", before="#4700", attempt=3, ratio="2.0"
        )
        assert "#4711" in text and "#4700" in text and ("RFC" in text or reason is Reason.SPURIOUS)


def test_windows_that_close_and_open():
    (closed,) = depth_of("tcp/window-closed-client.pcap").closed["server"]
    assert (closed.closed, closed.opened, closed.probes) == (10, 15, [11, 13])
    assert closed.nanoseconds == pytest.approx(1.484e9, rel=0.01)
    first, second = depth_of("zero-window.pcap").closed["client"]
    assert (first.closed, first.opened, first.probes) == (12, 16, [13, 15])
    assert (second.closed, second.opened, second.probes) == (18, 19, [])
