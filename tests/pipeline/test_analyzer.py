"""One path for all: however the packets are cut into batches, the columns and the facts are the same."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from netviz.capture.opening import open_capture
from netviz.model.frames import FrameBatch
from netviz.model.packets import ASSIGNED_COLUMNS, DECODED_COLUMNS
from netviz.pipeline.analyzer import Analyzer, analyze
from netviz.pipeline.store import Store
from netviz.report import connections, cors, exchanges, packets, summary

CAPTURES = sorted((Path(__file__).parents[2] / "captures").glob("*.pcap*"))


class Recut:
    """A capture's frames in batches of another size."""

    def __init__(self, path: Path, size: int) -> None:
        self._source = open_capture(str(path))
        self._size = size
        self.info = self._source.info

    def batches(self) -> Iterator[FrameBatch]:
        for batch in self._source.batches():
            for start in range(0, len(batch), self._size):
                yield batch.part(start, min(start + self._size, len(batch)))

    def close(self) -> None:
        self._source.close()


def facts(store: Store) -> dict[str, object]:
    return {
        "summary": summary.document(store),
        "packets": list(packets.documents(store)),
        "connections": connections.document(store),
        "exchanges": exchanges.document(store, show_secrets=True),
        "cors": cors.document(store, "chromium", show_secrets=True),
    }


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
def test_a_batch_of_one_gives_what_a_large_batch_gives(path: Path) -> None:
    whole = analyze(open_capture(str(path)))
    assert len(whole.packets) > 0
    expected = facts(whole)
    for size in (1, 7, 1000):
        cut = analyze(Recut(path, size))
        for column in (*DECODED_COLUMNS, *ASSIGNED_COLUMNS, "time", "length", "captured", "link_type"):
            np.testing.assert_array_equal(whole.packets[column], cut.packets[column], err_msg=f"{column} at {size}")
        assert facts(cut) == expected


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
def test_what_is_known_as_of_a_packet_is_what_a_capture_ending_there_tells(path: Path) -> None:
    """Connections and exchanges counted as of packet N are those of a capture that has only N packets so far."""
    whole = analyze(open_capture(str(path)))
    source = Recut(path, 1)
    analyzer = Analyzer(source.info)
    for number, batch in enumerate(source.batches(), start=1):
        analyzer.feed(batch)
        assert analyzer.store.connection_count() == whole.connection_count(as_of=number)
        assert analyzer.store.exchange_count() == whole.exchange_count(as_of=number)


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
def test_every_span_of_a_check_holds_the_value_it_shows(path: Path) -> None:
    store = analyze(open_capture(str(path)))
    for fetch in store.judgement().fetches:
        for check in fetch.checks:
            assert 1 <= check.at.packet <= len(store.packets)
            if check.at.span is not None and check.header is not None and check.value is not None:
                frame = store.packets.frame(check.at.packet - 1)
                shown = frame[check.at.span.start : check.at.span.end]
                assert shown, f"{check.rule} points at nothing"
                assert check.value.encode("latin-1", "replace").startswith(shown[:16]) or check.header.encode() in shown


def test_events_are_found_in_both_directions() -> None:
    if not CAPTURES:
        pytest.skip("no captures in this checkout")
    store = analyze(open_capture(str(CAPTURES[0])))
    forward = []
    at: int | None = 0
    while (at := store.next_event(at)) is not None:
        forward.append(at)
    backward = []
    at = len(store.packets) + 1
    while (at := store.previous_event(at)) is not None:
        backward.append(at)
    assert forward == backward[::-1]
