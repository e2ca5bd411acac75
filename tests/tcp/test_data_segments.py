"""The numbers of laboratory sheets, against sums made by hand on a series of few segments, and on shipped captures."""

from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.store import Store
from netviz.tcp.data_segments import ack_sizes, bursts, data_segments, least_window, throughput

CAPTURES = Path(__file__).parents[2] / "captures"


def store_of(name: str) -> Store:
    return analyze(open_capture(str(CAPTURES / name)))


def test_each_data_segment_has_its_acknowledgement_and_the_estimate_follows() -> None:
    store = store_of("http-loss.pcap")
    data = data_segments(store.series(0), "server")
    packets = data.packets.tolist()
    assert packets[:2] == [8, 9] and int(data.length[0]) == 119
    estimate = -1.0
    for at, packet in enumerate(packets):
        sample = int(data.rtt[at])
        acked = int(data.ack_packets[at])
        if sample >= 0:
            times = [store.packets.value("time", number - 1) for number in (packet, acked)]
            assert sample == times[1] - times[0]
            estimate = sample if estimate < 0 else 0.875 * estimate + 0.125 * sample
        assert abs(int(data.estimated[at]) - estimate) <= 1
    again = packets.index(28)
    assert int(data.rtt[again]) == -1


def test_an_acknowledgement_covers_the_whole_segment_and_comes_after_it() -> None:
    for name in ("http-loss.pcap", "zero-window.pcap", "tcp/data-late-middle.pcap", "tcp/burst-lost-middle.pcap"):
        store = store_of(name)
        series = store.series(0)
        for role in ("client", "server"):
            data = data_segments(series, role)  # type: ignore[arg-type]
            other = series.of("server" if role == "client" else "client")
            acks = dict(zip(other.packets.tolist(), other.ack.tolist(), strict=True))
            for packet, seq, length, acked in zip(
                data.packets.tolist(), data.seq.tolist(), data.length.tolist(), data.ack_packets.tolist(), strict=True
            ):
                assert not acked or (acked > packet and acks[acked] >= seq + length)


def test_acknowledgements_are_counted_by_their_size() -> None:
    found = ack_sizes(store_of("http-loss.pcap").series(0), "client")
    assert sum(size * times for size, times, _ in found.sizes) == 14_119
    assert found.acks == sum(times for _, times, _ in found.sizes)
    assert [times for _, times, _ in found.sizes] == sorted((times for _, times, _ in found.sizes), reverse=True)
    assert found.several >= 1


def test_the_least_window_is_found_with_its_packet() -> None:
    store = store_of("zero-window.pcap")
    found = least_window(store.series(0), "server") or least_window(store.series(0), "client")
    assert found is not None
    closed = [least_window(store.series(0), role) for role in ("client", "server")]  # type: ignore[arg-type]
    least = min((each for each in closed if each is not None), key=lambda each: each.window)
    assert least.window == 0 and least.zero >= 1
    assert store.packets.value("window", least.packet - 1) == 0
    assert "zero-window" in store.analysis(least.packet - 1)


def test_throughput_is_bytes_over_the_time_that_they_took() -> None:
    store = store_of("http-loss.pcap")
    found = throughput(store.series(0), "server")
    assert found is not None and found.bytes == store.connection(0).bytes["server"] and found.first_packet == 8
    took = store.packets.value("time", found.last_packet - 1) - store.packets.value("time", found.first_packet - 1)
    assert found.nanoseconds == took and found.bits_per_second == found.bytes * 8e9 / took


@pytest.mark.parametrize("as_of", [2, 3, 8, 9, 20, 27, 33])
def test_as_of_a_packet_nothing_later_is_known(as_of: int) -> None:
    series = store_of("http-loss.pcap").series(0)
    data = data_segments(series, "server", as_of)
    assert (data.packets <= as_of).all() and (data.ack_packets <= as_of).all()
    found, rate = ack_sizes(series, "client", as_of), throughput(series, "server", as_of)
    assert all(packet <= as_of for _, _, packet in found.sizes)
    assert rate is None or rate.last_packet <= as_of
    fleets = bursts(series, "server", as_of)
    assert fleets is None or (fleets.packets <= as_of).all()


def test_fleets_are_what_leaves_back_to_back() -> None:
    found = bursts(store_of("http-loss.pcap").series(0), "server")
    assert found is not None
    assert int(found.segments.sum()) == len(data_segments(store_of("http-loss.pcap").series(0), "server").packets)
    assert (found.times[1:] - found.times[:-1] > found.gap).all()
    assert bursts(store_of("refused.pcap").series(0), "server") is None


@pytest.mark.parametrize(
    "name", ["http-loss.pcap", "slow-start.pcap", "zero-window.pcap", "tcp/burst-lost-middle.pcap"]
)
def test_the_estimate_as_of_a_packet_is_that_of_the_samples_known_then(name: str) -> None:
    store = store_of(name)
    series = store.series(0)
    for as_of in range(1, len(store.packets) + 1):
        for role in ("client", "server"):
            data = data_segments(series, role, as_of)  # type: ignore[arg-type]
            estimate = -1.0
            for sample, found in zip(data.rtt.tolist(), data.estimated.tolist(), strict=True):
                if sample >= 0:
                    estimate = sample if estimate < 0 else 0.875 * estimate + 0.125 * sample
                assert abs(found - estimate) <= 1
