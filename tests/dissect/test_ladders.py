"""The two ladders and the sums: header + payload + trailer = total, and nothing invented for layers without bytes."""

from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from netviz.dissect.ladders import ladders, osi_numbers
from netviz.dissect.packet import LINKS, dissect
from netviz.model.osi import TcpIp

POST = b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody"


def test_http_over_ethernet(build: SimpleNamespace) -> None:
    found = ladders(dissect(build.ethernet(build.ipv4(build.tcp(POST))), 1))
    size = len(POST)
    assert [(rung.number, rung.protocols, rung.overhead, rung.content, rung.standing) for rung in found.osi] == [
        (7, ("HTTP",), size - 4, 4, "has-bytes"),
        (6, (), 0, 0, "none-here"),
        (5, (), 0, 0, "none-here"),
        (4, ("TCP",), 20, 0, "has-bytes"),
        (3, ("IPv4",), 20, 0, "has-bytes"),
        (2, ("Ethernet",), 14, 0, "has-bytes"),
        (1, (), 0, 0, "not-in-capture"),
    ]
    assert [(rung.number, rung.protocols) for rung in found.tcpip] == [
        (4, ("HTTP",)),
        (3, ("TCP",)),
        (2, ("IPv4",)),
        (1, ("Ethernet",)),
    ]
    assert [(each.header, each.payload, each.total) for each in found.sums] == [
        (14, 40 + size, 54 + size),
        (20, 20 + size, 40 + size),
        (20, size, 20 + size),
        (size - 4, 4, size),
    ]
    assert (found.overhead, found.carried) == (54, size)


def test_a_trailer_is_overhead(build: SimpleNamespace) -> None:
    found = ladders(dissect(build.ethernet(build.ipv4(build.udp(b"ab"), 17)) + bytes(16), 1))
    assert (found.sums[0].trailer, found.sums[0].overhead, found.sums[0].total) == (16, 30, 60)
    assert (found.overhead, found.carried) == (58, 2)


def test_what_an_error_quotes_stands_on_no_rung(build: SimpleNamespace) -> None:
    quoted = build.ipv4(build.tcp()[:8], total=600)
    found = ladders(dissect(build.ethernet(build.ipv4(bytes([3, 1]) + bytes(6) + quoted, 1)), 1))
    assert found.osi[3].protocols == ()
    assert found.osi[4].protocols == ("IPv4", "ICMP")
    assert found.carried == 28


def test_a_tunnel_stands_twice(build: SimpleNamespace) -> None:
    found = ladders(dissect(build.ipv4(build.ipv4(build.udp(), 17), 4), 101))
    assert found.osi[4].protocols == ("IPv4", "IPv4")
    assert found.osi[4].overhead == 40


def test_tls_is_presentation_on_one_ladder_and_application_on_the_other(build: SimpleNamespace) -> None:
    found = ladders(dissect(build.ipv4(build.tcp(b"\x17\x03\x03\x00\x02ab")), 101))
    assert found.osi[1].protocols == ("TLS",)
    assert found.tcpip[0].protocols == ("TLS",)


def test_which_rungs_stand_beside_each_other() -> None:
    assert [osi_numbers(layer) for layer in TcpIp] == [(2, 1), (3,), (4,), (7, 6, 5)]


@given(frame=st.binary(max_size=120), link_type=st.sampled_from([*LINKS, 147]))
@settings(max_examples=120, deadline=None)
def test_the_sums_account_for_every_byte(frame: bytes, link_type: int) -> None:
    dissection = dissect(frame, link_type)
    found = ladders(dissection)
    assert sum(each.overhead for each in found.sums) + (found.sums[-1].payload if found.sums else 0) == len(frame)
    assert found.overhead + found.carried == len(frame)
    placed = [layer for layer in dissection.layers if layer.place is not None]
    if len(placed) == len(dissection.layers):
        assert sum(rung.own for rung in found.osi) == sum(rung.own for rung in found.tcpip) == len(frame)
    for lower, upper in zip(found.sums, found.sums[1:], strict=False):
        assert lower.payload == upper.total
