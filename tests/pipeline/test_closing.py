"""The packet that closed a connection on a request, from columns."""

from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.pipeline.analyzer import analyze

CAPTURES = Path(__file__).parents[2] / "captures"


@pytest.mark.parametrize("name", ["cors/simple-closed-named", "cors/preflight-closed-named"])
def test_the_fin_after_an_unanswered_request(name: str) -> None:
    store = analyze(open_capture(str(CAPTURES / f"{name}.pcap")))
    unanswered = [store.read(each.id) for each in store.exchanges if each.response is None]
    assert unanswered
    for read in unanswered:
        assert read.closed_row is not None
        assert read.closed_row >= read.request_packets[-1]
        assert store.packets.value("flags", read.closed_row) & 0x005, "FIN or RST"
        assert not read.head_was_reset


def test_an_answered_request_was_not_closed_on() -> None:
    store = analyze(open_capture(str(CAPTURES / "http-keep-alive.pcap")))
    assert all(store.read(each.id).closed_row is None for each in store.exchanges if each.response is not None)
