"""UDP conversations from the columns: which there are, what each datagram is as of a packet, ICMP errors, the bounds."""

from pathlib import Path

import numpy as np
import pytest

from netviz.capture.opening import open_capture
from netviz.model.frames import CaptureInfo, FrameBatch
from netviz.model.limits import DEFAULT_LIMITS, Limits
from netviz.pipeline.analyzer import Analyzer, analyze
from netviz.pipeline.appearances import Appearance, Appearances
from netviz.pipeline.datagrams import Volume
from netviz.pipeline.store import Store
from netviz.pipeline.transport_costs import tcp_costs, udp_costs

CAPTURES = Path(__file__).parents[2] / "captures"
HERE, THERE = bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2])
HERE6, THERE6 = bytes(15) + b"\x01", bytes(15) + b"\x02"


def ip(source: bytes, destination: bytes, protocol: int, payload: bytes, number: int = 0) -> bytes:
    if len(source) == 4:
        total, identification = ((20 + len(payload)).to_bytes(2, "big"), number.to_bytes(2, "big"))
        return (
            b"\x45\0" + total + identification + b"\0\0\x40" + bytes([protocol, 0, 0]) + source + destination + payload
        )
    return b"\x60\0\0\0" + len(payload).to_bytes(2, "big") + bytes([protocol, 64]) + source + destination + payload


def udp(ports: tuple[int, int], payload: bytes, checksum: int = 0x1234) -> bytes:
    numbers = (*ports, 8 + len(payload), checksum)
    return b"".join(number.to_bytes(2, "big") for number in numbers) + payload


def store_of(frames: list[bytes], size: int = 100, limits: Limits = DEFAULT_LIMITS) -> Store:
    """Raw IP packets a millisecond apart, in batches of a size, asked after each of them."""
    analyzer = Analyzer(CaptureInfo("raw", "pcap"), limits)
    for first in range(0, len(frames), size):
        part = frames[first : first + size]
        lengths = np.array([len(frame) for frame in part], np.int32)
        count = len(part)
        analyzer.feed(
            FrameBatch(
                b"".join(part), np.cumsum(lengths, dtype=np.int64) - lengths, lengths, lengths,
                np.arange(first, first + count, dtype=np.int64) * 1_000_000, np.full(count, 101, np.uint16),
                np.zeros(count, np.uint16),
            )
        )  # fmt: skip
        for number in range(analyzer.store.datagrams.count()):
            analyzer.store.datagrams.conversation(number)
    return analyzer.store


def talk(here: bytes = HERE, there: bytes = THERE) -> list[bytes]:
    """Two datagrams of one pair of ports, another pair's, the answer to the second, an error about the third."""
    one, again = (
        ip(here, there, 17, udp((4000, 9), b"abc", 0x1111), 7),
        ip(here, there, 17, udp((4000, 9), b"xyz", 0x2222), 8),
    )
    other = ip(here, there, 17, udp((4001, 9), b"q"), 9)
    back = ip(there, here, 17, udp((9, 4000), b"reply"))
    kind = bytes([3, 3]) if len(here) == 4 else bytes([1, 4])
    head = 28 if len(here) == 4 else 48
    error = ip(there, here, 1 if len(here) == 4 else 58, kind + bytes(6) + one[:head])
    return [one, again, other, back, error]


@pytest.mark.parametrize("size", [1, 2, 9])
@pytest.mark.parametrize("ends", [(HERE, THERE), (HERE6, THERE6)])
def test_the_same_is_found_in_whatever_batches_it_comes(size: int, ends: tuple[bytes, bytes]) -> None:
    found = store_of(talk(*ends), size).datagrams
    assert found.count() == 2 and [found.count(as_of) for as_of in range(6)] == [0, 1, 1, 2, 2, 2]
    first = found.conversation(0)
    assert (first.one.port, first.other.port) == (4000, 9)
    assert first.rows.tolist() == [0, 1, 3] and first.errors.tolist() == [4]
    assert found.of_row(2) == 1 and found.of_row(4) == 0


def test_an_error_is_about_the_datagram_that_it_quotes_and_not_about_a_later_one() -> None:
    found = store_of(talk()).datagrams
    first = found.conversation(0)
    assert [found.datagram(first, row, 5).refused for row in (0, 1, 3)] == [5, None, None]
    assert found.datagram(first, 0, 4).refused is None
    assert found.quoted(5) == 1


def test_what_is_known_is_known_as_of_a_packet() -> None:
    found = store_of(talk()).datagrams
    first = found.conversation(0)
    assert found.datagram(first, 1, 3).pair is None
    pair = found.datagram(first, 1, 4).pair
    assert pair is not None and (pair.tie, pair.answered) == ("ports", 4)
    assert found.volumes(first, 2) == (Volume(2, 6, 62), Volume(0, 0, 0))
    assert found.volumes(first, 4) == (Volume(2, 6, 62), Volume(1, 5, 33))


def test_bounds_are_counted_once() -> None:
    store = store_of(talk() * 3, 4, Limits(datagrams_paired=2, icmp_errors_read=1))
    first = store.datagrams.conversation(0)
    for row in first.rows.tolist():
        store.datagrams.datagram(first, row, 15)
    assert first.errors.tolist() == [4]
    assert store.limit_counter.counts == {"datagrams_paired": 1, "icmp_errors_read": 1}


def test_connections_and_conversations_stand_in_one_order() -> None:
    store = analyze(open_capture(str(CAPTURES / "demo.pcapng")))
    both = Appearances()
    found = [both.at(store, index) for index in range(both.count(store, 82))]
    assert len(found) == 8 and found[:3] == [Appearance(True, 0), Appearance(True, 1), Appearance(False, 0)]
    assert [both.place(store, each) for each in found] == list(range(8))
    assert both.count(store, 6) == 2
    assert Appearances("udp").count(store, 82) == Appearances("tcp").count(store, 82) == 4
    assert Appearances("tcp").place(store, Appearance(True, 0)) is None
    chosen = both.matching(store, np.array([0]), np.array([1, 3]))
    assert [both.at(store, int(index)) for index in chosen] == [
        Appearance(True, 1), Appearance(False, 0), Appearance(True, 3),
    ]  # fmt: skip


def test_what_each_transport_costs_on_real_bytes() -> None:
    store = analyze(open_capture(str(CAPTURES / "demo.pcapng")))
    over_udp, over_tcp = udp_costs(store, 0, 82), tcp_costs(store, 0, 82)
    assert (over_udp.header_bytes, over_udp.payload_bytes, over_udp.packets_before_data) == (16, 134, 0)
    assert (over_udp.round_trips_before_data, over_udp.packets_without_payload) == (0, 0)
    assert (over_tcp.before, over_tcp.first_data, over_tcp.round_trips_before_data) == ((7, 8, 9), 13, 1)
    assert (over_tcp.least_header, over_tcp.most_header, over_tcp.header_bytes) == (32, 40, 592)
    assert tcp_costs(store, 0, 9).first_data is None
    lost = analyze(open_capture(str(CAPTURES / "http-loss.pcap")))
    assert tcp_costs(lost, 0, 60).sent_again == (28,) and tcp_costs(lost, 0, 27).sent_again == ()
