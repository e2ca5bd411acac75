"""Filters over captures: every field can be read, growing captures give the same rows, values mean what they say."""

from pathlib import Path

import numpy as np
import pytest

from netviz.capture.opening import open_capture
from netviz.explain.words import has
from netviz.filter.fields import FIELDS
from netviz.filter.rows import Cancelled, FilteredRows, Reading, Rows
from netviz.pipeline.analyzer import Analyzer, analyze
from netviz.pipeline.store import Store

CAPTURES = Path(__file__).parents[2] / "captures"


@pytest.fixture(scope="module")
def demo() -> Store:
    return analyze(open_capture(str(CAPTURES / "demo.pcapng")))


def rows_matching(text: str, store: Store) -> Rows:
    return FilteredRows(text, Reading(store)).update()


def packets(store: Store, text: str) -> list[int]:
    return (rows_matching(text, store) + 1).tolist()


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_explained_and_can_be_read(name: str, demo: Store) -> None:
    assert has(f"filter.field.{name}")
    present = rows_matching(name, demo)
    assert set(present.tolist()) | set(rows_matching(f"!{name}", demo).tolist()) == set(range(len(demo.packets)))


OWN = {
    'cors.verdict == "blocked"': [58, 60, 62, 63],
    "cors.preflight == 1": [44, 46, 58, 60],
    "cors.code contains Method": [58, 60],
    "handshake.step == 2 && tcp.stream == 0": [8],
    "exchange == 3": [22, 23],
    "connection == 3 && handshake.step": [48, 49, 50],
    "cors && http.request": [34, 44, 51, 55, 58, 62, 65],
}


@pytest.mark.parametrize("text", OWN)
def test_what_only_netviz_knows(text: str, demo: Store) -> None:
    assert packets(demo, text) == OWN[text]


def test_states_are_those_of_the_connection(demo: Store) -> None:
    for packet in packets(demo, 'tcp.state.client == "TIME-WAIT"'):
        connection = demo.connection(demo.packets.value("connection", packet - 1))
        assert str(connection.state_at("client", packet)) == "TIME-WAIT"
    assert packets(demo, 'tcp.state.client == "TIME-WAIT"')


def test_not_equal_means_that_all_values_differ(demo: Store) -> None:
    assert not set(packets(demo, "tcp.port != 80")) & set(packets(demo, "tcp.port == 80"))
    assert set(packets(demo, "any tcp.port != 80")) >= set(packets(demo, "tcp.port == 80"))
    assert 1 not in packets(demo, "tcp.port != 80"), "a packet without the field does not match"


@pytest.mark.parametrize(
    "text",
    [
        "tcp", "http", "http.response.code == 200 || arp", "cors.verdict", "tcp.analysis", "exchange", "tcp.seq == 1",
        "tcp.state.client == ESTABLISHED", "frame.time_delta > 0.001",
    ],
)  # fmt: skip
def test_a_growing_capture_gives_the_same_rows(text: str, demo: Store) -> None:
    source = open_capture(str(CAPTURES / "demo.pcapng"))
    analyzer = Analyzer(source.info)
    rows = FilteredRows(text, Reading(analyzer.store))
    for batch in source.batches():
        for start in range(0, len(batch), 3):
            analyzer.feed(batch.part(start, min(start + 3, len(batch))))
            rows.update()
    analyzer.finish()
    assert np.array_equal(rows.update(), rows_matching(text, demo))


def test_a_search_can_be_given_up(demo: Store) -> None:
    with pytest.raises(Cancelled):
        FilteredRows("tcp", Reading(demo)).update(lambda: False)
