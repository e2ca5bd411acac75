"""DNS lookups: queries with their responses, repeats, what was not answered, and what a page's hosts had of them."""

import struct
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from netviz.capture.opening import open_capture
from netviz.explain.lookup_notes import lookup_notes
from netviz.model.frames import CaptureInfo, FrameBatch
from netviz.model.limits import Limits
from netviz.pipeline.analyzer import Analyzer, analyze
from netviz.pipeline.host_lookups import host_lookups
from netviz.pipeline.lookups import lookups_of, read_lookup
from netviz.pipeline.pages import page_of
from netviz.pipeline.store import Store
from netviz.report import dns

CAPTURES = Path(__file__).parents[2] / "captures"
Datagram = tuple[bool, int, int]
"""Whether it is an answer, the client's port, the transaction."""


@cache
def store_of(name: str) -> Store:
    return analyze(open_capture(str(CAPTURES / name)))


def captured(datagrams: list[Datagram], limits: Limits | None = None) -> Store:
    """A capture of DNS datagrams a millisecond apart, client 10.0.0.2, server 10.0.0.9."""
    frames = []
    for answers, port, transaction in datagrams:
        body = struct.pack("!6H", transaction, 0x8180 if answers else 0x0100, 1, 0, 0, 0) + b"\x01a\x00\x00\x01\x00\x01"
        ports = (53, port) if answers else (port, 53)
        hosts = (bytes((10, 0, 0, 9)), bytes((10, 0, 0, 2)))
        source, destination = hosts if answers else hosts[::-1]
        udp = struct.pack("!4H", *ports, 8 + len(body), 0) + body
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, source, destination)
        frames.append(b"\x02" * 12 + b"\x08\x00" + ip + udp)
    lengths = np.array([len(each) for each in frames], np.int32)
    info = CaptureInfo("made.pcap", "pcap")
    analyzer = Analyzer(info) if limits is None else Analyzer(info, limits)
    offsets = np.concatenate(([0], np.cumsum(lengths)[:-1])).astype(np.int64)
    times = np.arange(len(frames), dtype=np.int64) * 1_000_000
    kinds = np.ones(len(frames), np.uint16), np.zeros(len(frames), np.uint16)
    analyzer.feed(FrameBatch(b"".join(frames), offsets, lengths, lengths, times, *kinds))
    analyzer.finish()
    return analyzer.store


ASKED, ANSWERED = False, True

# (name, datagrams, per lookup: query, repeats, response as packet numbers)
CASES = [
    ("one", [(ASKED, 5000, 7), (ANSWERED, 5000, 7)], [(1, [], 2)]),
    ("answers out of order", [(ASKED, 5000, 7), (ASKED, 5001, 8), (ANSWERED, 5001, 8), (ANSWERED, 5000, 7)],
     [(1, [], 4), (2, [], 3)]),
    ("two on one port", [(ASKED, 5000, 7), (ASKED, 5000, 8), (ANSWERED, 5000, 8), (ANSWERED, 5000, 7)],
     [(1, [], 4), (2, [], 3)]),
    ("asked again", [(ASKED, 5000, 7), (ASKED, 5000, 7), (ANSWERED, 5000, 7)], [(1, [2], 3)]),
    ("answered twice", [(ASKED, 5000, 7), (ANSWERED, 5000, 7), (ANSWERED, 5000, 7)], [(1, [], 2)]),
    ("the same id later", [(ASKED, 5000, 7), (ANSWERED, 5000, 7), (ASKED, 5000, 7), (ANSWERED, 5000, 7)],
     [(1, [], 2), (3, [], 4)]),
    ("no answer", [(ASKED, 5000, 7)], [(1, [], None)]),
    ("no query", [(ANSWERED, 5000, 7)], [(None, [], 1)]),
    ("another transaction answers nothing", [(ASKED, 5000, 7), (ANSWERED, 5000, 9)], [(1, [], None), (None, [], 2)]),
]  # fmt: skip


@pytest.mark.parametrize(("datagrams", "found"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_queries_have_their_responses(
    datagrams: list[Datagram], found: list[tuple[int | None, list[int], int | None]]
) -> None:
    store = captured(datagrams)
    objects = [dns.lookup_object(store, each) for each in lookups_of(store).upto(len(store.packets))]
    told = [
        (
            each["query"]["packet"] if each["query"] else None,  # type: ignore[index]
            each["asked_again"],
            each["response"]["packet"] if each["response"] else None,  # type: ignore[index]
        )
        for each in objects
    ]
    assert told == found
    assert {(each["client"]["address"], each["server"]["address"]) for each in objects} == {("10.0.0.2", "10.0.0.9")}  # type: ignore[index]


def test_the_time_is_from_the_newest_query() -> None:
    store = captured([(ASKED, 5000, 7), (ASKED, 5000, 7), (ANSWERED, 5000, 7)])
    (lookup,) = lookups_of(store).upto(3)
    assert read_lookup(store, lookup, 3).seconds == pytest.approx(0.001)
    assert read_lookup(store, lookup, 2).response is None


def test_lookups_past_the_bound_are_counted() -> None:
    store = captured([(ASKED, 5000 + index, index) for index in range(5)], Limits(lookups=3))
    assert len(lookups_of(store).upto(5)) == 3
    assert store.limit_counter.counts["lookups"] == 2


def test_a_lookup_is_known_from_its_query_on() -> None:
    store = store_of("udp-dns.pcap")
    index = lookups_of(store)
    assert [len(index.upto(as_of)) for as_of in (2, 3, 4, 5, 10)] == [0, 1, 1, 2, 4]
    asked = index.of_packet(6)
    assert asked is not None and asked.id == 2
    assert index.of_packet(1) is None


def test_udp_dns_as_its_programs_told() -> None:
    found = dns.document(store_of("udp-dns.pcap"))["lookups"]
    assert isinstance(found, list)
    assert [(each["type"], each["name"], each["response"]["rcode"], each["addresses"]) for each in found] == [
        ("A", "www.shop.example", "NOERROR", ["10.9.0.1"]),
        ("AAAA", "www.shop.example", "NOERROR", ["fd09::1"]),
        ("AAAA", "api.shop.example", "NOERROR", []),
        ("A", "nothing.shop.example", "NXDOMAIN", []),
    ]
    assert {each["response"]["authoritative"] for each in found} == {False}


def test_the_hosts_of_a_page_have_their_lookups() -> None:
    store = store_of("demo.pcapng")
    hosts = host_lookups(store, page_of(store, 5, len(store.packets)), len(store.packets))
    assert [(each.name, each.packets, each.used, each.cached) for each in hosts] == [
        ("www.shop.example", (5, 6), 7, False),
        ("api.shop.example", (27, 28), 31, False),
    ]


def test_a_page_loaded_again_needs_no_query() -> None:
    store = store_of("page-load.pcap")
    (host,) = host_lookups(store, page_of(store, 7, len(store.packets)), len(store.packets))
    assert (host.cached, host.packets, host.ttl) == (True, (4, 6), 300)
    assert 0.7 < host.age < 0.8


def test_an_address_has_nothing_to_look_up() -> None:
    store = store_of("conditional-get.pcap")
    (host,) = host_lookups(store, page_of(store, 2, len(store.packets)), len(store.packets))
    assert (host.is_address, host.lookup, host.packets) == (True, None, (None, None))


@pytest.mark.parametrize(("as_of", "told"), [(1, 0), (2, 1), (3, 1)])
def test_a_repeat_is_told_when_it_has_come(as_of: int, told: int) -> None:
    store = captured([(ASKED, 5000, 7), (ASKED, 5000, 7), (ANSWERED, 5000, 7)])
    (lookup,) = lookups_of(store).upto(as_of)
    notes = lookup_notes(read_lookup(store, lookup, as_of), as_of, "en")
    assert sum("asked again" in each.text for each in notes) == told
    assert all(each.at is None or each.at.packet <= as_of for each in notes)
