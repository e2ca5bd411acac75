"""Routes are put together from probes and the answers that bear their signs, whatever the probes are made of."""

import struct

import numpy as np
import pytest

from netviz.explain.route_notes import route_notes
from netviz.model.frames import CaptureInfo, FrameBatch
from netviz.model.limits import Limits
from netviz.pipeline.analyzer import Analyzer
from netviz.pipeline.routes import routes_of

ME, FAR = bytes([10, 0, 0, 2]), bytes([192, 0, 2, 9])
ROUTERS = [bytes([10, 0, number, 1]) for number in range(4)]
ME6, FAR6, ROUTER6 = (bytes.fromhex("20010db8" + "00" * 11 + end) for end in ("02", "09", "01"))
MS = 1_000_000


def ip4(source, target, number, body, ttl=64, identification=0):
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), identification, 0, ttl, number, 0)
    return head + source + target + body


def ip6(source, target, number, body, hops=64):
    return struct.pack("!IHBB", 6 << 28, len(body), number, hops) + source + target + body


def udp(port):
    return struct.pack("!HHHH", 40000, port, 8 + 4, 0) + b"????"


def echo(kind, sequence, identifier=7):
    return struct.pack("!BBHHH", kind, 0, 0, identifier, sequence) + b"????"


def tcp(ports, seq, ack, flags):
    return struct.pack("!HHIIHHHH", *ports, seq, ack, 0x5000 | flags, 512, 0, 0)


def error(kind, code, quoted):
    return struct.pack("!BBHI", kind, code, 0, 0) + quoted[: 20 + 8 if quoted[0] >> 4 == 4 else 48]


def store_of(talk, batch=1000, limits=None):
    """A store of (milliseconds, packet)."""
    analyzer = Analyzer(CaptureInfo("made by hand", "pcap"), limits or Limits())
    for first in range(0, len(talk), batch):
        part = talk[first : first + batch]
        frames = [packet for _, packet in part]
        sizes = np.array([len(each) for each in frames], np.int32)
        times = np.array([1_700_000_000_000_000_000 + int(at * MS) for at, _ in part], np.int64)
        count = len(part)
        analyzer.feed(
            FrameBatch(
                b"".join(frames), np.cumsum(sizes, dtype=np.int64) - sizes, sizes, sizes, times,
                np.full(count, 101, np.uint16), np.zeros(count, np.uint16),
            )
        )  # fmt: skip
    analyzer.finish()
    return analyzer.store


def traced(probe, reply):
    """Three hops: the first router answers twice, the second never, the third is the target."""
    talk = []
    for number, ttl in enumerate((1, 1, 2, 3)):
        sent = probe(number, ttl)
        talk.append((number * 10, sent))
        if ttl == 1:
            talk.append((number * 10 + 1 + number, ip4(ROUTERS[0], ME, 1, error(11, 0, sent))))
        if ttl == 3:
            talk.append((number * 10 + 9, reply(number, sent)))
    return talk


KINDS = {
    "UDP": (
        lambda number, ttl: ip4(ME, FAR, 17, udp(33434 + number), ttl, 100 + number),
        lambda number, sent: ip4(FAR, ME, 1, error(3, 3, sent)),
        "unreachable",
    ),
    "ICMP": (
        lambda number, ttl: ip4(ME, FAR, 1, echo(8, number), ttl),
        lambda number, sent: ip4(FAR, ME, 1, echo(0, number)),
        "reply",
    ),
    "TCP": (
        lambda number, ttl: ip4(ME, FAR, 6, tcp((50000 + number, 80), 1000, 0, 2), ttl),
        lambda number, sent: ip4(FAR, ME, 6, tcp((80, 50000 + number), 9, 1001, 18)),
        "reply",
    ),
}


@pytest.mark.parametrize("protocol", KINDS)
@pytest.mark.parametrize("batch", [1, 1000])
def test_each_probe_meets_its_answer(protocol, batch):
    probe, reply, kind = KINDS[protocol]
    store = store_of(traced(probe, reply), batch)
    (route,) = routes_of(store, len(store.packets))
    assert (route.source, route.target, route.protocol, route.reached) == ("10.0.0.2", "192.0.2.9", protocol, 3)
    assert [(hop.ttl, hop.addresses) for hop in route.hops] == [(1, ("10.0.0.1",)), (2, ()), (3, ("192.0.2.9",))]
    assert [round(each * 1000) for each in route.hops[0].times] == [1, 2]
    assert [(each.row, each.answer, each.kind) for each in route.hops[0].probes] == [
        (0, 1, "time-exceeded"), (2, 3, "time-exceeded"),
    ]  # fmt: skip
    assert route.hops[2].probes[0].kind == kind
    near, far, longer = route.longest_step
    assert (near.ttl, far.ttl, round(longer * 1000)) == (1, 3, 8)


def test_a_route_is_known_only_as_far_as_the_packets_go():
    probe, reply, _ = KINDS["UDP"]
    store = store_of(traced(probe, reply))
    assert routes_of(store, 1) == ()
    (route,) = routes_of(store, 2)
    assert route.reached is None and [hop.ttl for hop in route.hops] == [1]
    (route,) = routes_of(store, len(store.packets))
    assert route.reached == 3


def test_over_ipv6_too():
    probes = [ip6(ME6, FAR6, 58, echo(128, number), number) for number in (1, 2)]
    talk = [
        (0, probes[0]), (1, ip6(ROUTER6, ME6, 58, error(3, 0, probes[0]))), (2, probes[1]),
        (5, ip6(FAR6, ME6, 58, echo(129, 2))),
    ]  # fmt: skip
    store = store_of(talk)
    (route,) = routes_of(store, 4)
    assert (route.protocol, route.reached, route.target) == ("ICMPv6", 2, "2001:db8::9")


def test_a_ping_before_it_is_no_hop_and_other_errors_make_no_route():
    ping = [(0, ip4(ME, FAR, 1, echo(8, 90))), (1, ip4(FAR, ME, 1, echo(0, 90)))]
    probe, reply, _ = KINDS["ICMP"]
    store = store_of([*ping, *[(at + 5, packet) for at, packet in traced(probe, reply)]])
    (route,) = routes_of(store, len(store.packets))
    assert [hop.ttl for hop in route.hops] == [1, 2, 3]
    sent = ip4(ME, FAR, 17, udp(53))
    store = store_of([(0, sent), (1, ip4(FAR, ME, 1, error(3, 3, sent)))])
    assert routes_of(store, 2) == ()


@pytest.mark.parametrize("size", range(0, 60, 3))
def test_errors_that_were_cut_are_left_out(size):
    probe = ip4(ME, FAR, 17, udp(33434), 1)
    whole = ip4(ROUTERS[0], ME, 1, error(11, 0, probe))
    store = store_of([(0, probe), (1, whole[:size])] if size else [(0, probe)])
    assert len(routes_of(store, len(store.packets))) == (size >= len(whole))


def test_bounds_are_kept_and_counted():
    probes = [ip4(ME, FAR, 17, udp(33434 + number), 1, number) for number in range(6)]
    talk = [(number, packet) for number, packet in enumerate(probes)]
    talk += [(10 + number, ip4(ROUTERS[0], ME, 1, error(11, 0, packet))) for number, packet in enumerate(probes)]
    store = store_of(talk, limits=Limits(route_errors=4, route_probes=3))
    (route,) = routes_of(store, len(store.packets))
    assert [each.answer for each in route.hops[0].probes] == [6, 7, 8]
    assert store.limit_counter.counts["route_errors"] == 2


@pytest.mark.parametrize(
    "language, words",
    [
        ("en", ["3 hops away", "nobody answered (#5)", "hop 1 and hop 3"]),
        ("ko", ["3홉입니다", "응답 없음(#5)", "홉 1과 홉 3"]),
    ],
)
def test_it_is_told_in_words_with_its_packets(language, words):
    probe, reply, _ = KINDS["UDP"]
    store = store_of(traced(probe, reply))
    (route,) = routes_of(store, len(store.packets))
    notes = route_notes(route, language, probes=True)
    told = "\n".join(each.text for each in notes)
    assert [each for each in words if each not in told] == []
    assert {each.at.packet for each in notes if each.at is not None} == {2, 4, 5, 7}
