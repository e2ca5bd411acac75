"""One packet from the link layer up: which layers, where each begins and ends, and where it had to stop."""

import subprocess
import sys
import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netviz.dissect.packet import DISSECTORS, LINKS, dissect
from netviz.model.layers import Dissection
from netviz.model.osi import Osi

GET = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
LINK_TYPES = [*LINKS, 2, 147, 65535]


def names(found: Dissection) -> list[str]:
    return [layer.protocol for layer in found.layers]


def test_importing_loads_no_scapy_and_the_first_packet_does() -> None:
    code = (
        "import sys, netviz.dissect.packet as p, netviz.report.boxes\n"
        "assert not any(name.split('.')[0] == 'scapy' for name in sys.modules)\n"
        "p.dissect(bytes(60), 1)\n"
        "assert 'scapy.layers.l2' in sys.modules and 'scapy.all' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_preload_leaves_nothing_to_load_for_the_first_packet() -> None:
    code = (
        "import sys, netviz.dissect.packet as p\n"
        "def loaded(): return {name for name in sys.modules if name.startswith('scapy')}\n"
        "p.preload()\nbefore = loaded()\n"
        "for link in p.LINKS: p.dissect(bytes(range(64)), link)\n"
        "assert loaded() == before\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_http_in_tcp_in_ipv4_in_ethernet(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = dissect(build.ethernet(build.ipv4(build.tcp(GET + b"body"))), 1)
    assert look.shape(found) == [
        ("Ethernet", (0, 14), (14, 86)),
        ("IPv4", (14, 34), (34, 86)),
        ("TCP", (34, 54), (54, 86)),
        ("HTTP", (54, 82), (82, 86)),
    ]
    assert [layer.place.osi for layer in found.layers if layer.place] == [2, 3, 4, 7]
    assert found.broken is None


def test_padding_behind_the_total_length_is_ethernets_trailer(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = dissect(build.ethernet(build.ipv4(build.tcp(flags=0x10))) + bytes(6), 1)
    assert look.shape(found) == [
        ("Ethernet", (0, 14), (14, 54)),
        ("IPv4", (14, 34), (34, 54)),
        ("TCP", (34, 54), (54, 54)),
    ]
    assert found.layers[0].trailer == (54, 60)
    assert look.field(found, "eth.padding").span == (54, 60)


def test_bytes_that_are_no_padding_are_a_trailer(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = dissect(build.ethernet(build.ipv4(build.tcp())) + b"\x00\x01\x02", 1)
    assert look.field(found, "eth.trailer").value == "00 01 02"


def test_padding_behind_a_tag_still_belongs_to_ethernet(build: SimpleNamespace, look: SimpleNamespace) -> None:
    tagged = b"\x20\x07\x08\x00" + build.ipv4(build.tcp())
    found = dissect(build.ethernet(tagged, 0x8100) + bytes(2), 1)
    assert look.shape(found)[:2] == [("Ethernet", (0, 14), (14, 58)), ("802.1Q", (14, 18), (18, 58))]
    assert [layer.trailer for layer in found.layers] == [(58, 60), None, None, None]


def test_padding_inside_a_tunnel_belongs_to_the_inner_frame(build: SimpleNamespace, look: SimpleNamespace) -> None:
    inner = build.ethernet(build.ipv4(build.tcp())) + bytes(6)
    vxlan = b"\x08\0\0\0\0\0\x2a\0" + inner
    found = dissect(build.ethernet(build.ipv4(build.udp(vxlan, (50000, 4789)), 17)), 1)
    assert names(found) == ["Ethernet", "IPv4", "UDP", "VXLAN", "Ethernet", "IPv4", "TCP"]
    assert [bool(layer.trailer) for layer in found.layers] == [False] * 4 + [True, False, False]
    assert look.field(found, "vxlan.vni").value == "42"


def test_without_a_link_layer_the_surplus_is_the_packets_own(build: SimpleNamespace) -> None:
    found = dissect(build.ipv4(build.udp(b"abc"), 17) + b"xy", 101)
    assert names(found) == ["IPv4", "UDP", "Data"]
    assert found.layers[0].trailer == (31, 33)


def test_surplus_behind_a_udp_length_is_udps(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = dissect(build.ipv4(build.udp(b"abcdef", length=11), 17), 228)
    assert look.shape(found) == [("IPv4", (0, 20), (20, 34)), ("UDP", (20, 28), (28, 31)), ("Data", (28, 31), (31, 31))]
    assert found.layers[1].trailer == (31, 34)
    assert look.field(found, "udp.surplus").value == "64 65 66"


def test_unknown_payload_is_data_of_the_application(build: SimpleNamespace) -> None:
    found = dissect(build.ethernet(build.ipv4(build.tcp(b"\x00\x01\x02"))), 1)
    assert names(found)[-1] == "Data"
    assert found.layers[-1].place is not None
    assert found.layers[-1].place.osi is Osi.APPLICATION


def test_data_that_no_transport_carries_has_no_place(build: SimpleNamespace) -> None:
    found = dissect(build.ethernet(b"abc", 0x1234), 1)
    assert names(found) == ["Ethernet", "Data"]
    assert found.layers[-1].place is None


@pytest.mark.parametrize("link_type", [2, 147, 65535])
def test_an_unknown_link_type_is_one_layer_of_data(link_type: int) -> None:
    found = dissect(b"\x01\x02\x03", link_type)
    assert names(found) == ["Data"]
    assert found.layers[0].fields[0].span == (0, 3)
    assert found.broken is None


def test_no_bytes_are_no_layers_and_a_break() -> None:
    found = dissect(b"", 1)
    assert found.layers == ()
    assert found.broken is not None
    assert (found.broken.layer, found.broken.reason, found.broken.needed) == ("Ethernet", "too-short", 14)


def test_carried_names_what_the_stream_continues(build: SimpleNamespace, look: SimpleNamespace) -> None:
    frame = build.ethernet(build.ipv4(build.tcp(b"GET / HTTP/1.1\r\n\r\n is only text here")))
    found = dissect(frame, 1, carried="HTTP")
    assert names(found)[-1] == "HTTP"
    assert look.field(found, "data.continued").span == (54, len(frame))
    assert dissect(frame, 1).layers[-1].fields[0].key == "http.start_line"


def test_a_segment_without_payload_carries_nothing(build: SimpleNamespace) -> None:
    assert names(dissect(build.ethernet(build.ipv4(build.tcp(flags=0x10))), 1, carried="HTTP"))[-1] == "TCP"


def test_headers_too_deep_inside_each_other_are_left(build: SimpleNamespace) -> None:
    frame = b""
    for _ in range(60):
        frame = build.ipv4(frame, 4)
    found = dissect(frame, 101)
    assert found.broken is not None
    assert found.broken.reason == "too-deep"
    assert found.layers[-1].protocol == "Data"
    assert look_end(found) == len(frame)


def look_end(found: Dissection) -> int:
    return found.layers[-1].payload.end


def test_a_dissector_that_fails_leaves_the_layers_below(
    build: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(window: object) -> None:
        raise ValueError("scapy met bytes it can not bear")

    monkeypatch.setitem(DISSECTORS, "TCP", failing)
    found = dissect(build.ethernet(build.ipv4(build.tcp(GET))), 1)
    assert names(found) == ["Ethernet", "IPv4", "Data"]
    assert found.broken is not None
    assert (found.broken.layer, found.broken.offset, found.broken.reason) == ("TCP", 34, "dissector-failed")
    assert found.layers[-1].place is None


ETH_IP = "Ethernet IPv4"
BREAKS = [
    (
        "ethernet cut",
        lambda b: b.ethernet(b"")[:10],
        None,
        "Ethernet 0 too-short 14 10",
        "Ethernet",
    ),
    (
        "ip cut",
        lambda b: b.ethernet(b.ipv4(b""))[:20],
        None,
        "IPv4 14 too-short 20 6",
        ETH_IP,
    ),
    (
        "ip captured short",
        lambda b: b.ethernet(b.ipv4(b""))[:20],
        60,
        "IPv4 14 length-beyond-capture 20 6",
        ETH_IP,
    ),
    (
        "bad version",
        lambda b: b.ethernet(b.ipv4(b"", first=0x55)),
        None,
        "IPv4 14 bad-version 0 0",
        f"{ETH_IP} Data",
    ),
    (
        "ihl 4",
        lambda b: b.ethernet(b.ipv4(b.tcp(), first=0x44)),
        None,
        "IPv4 14 bad-header-length 20 16",
        f"{ETH_IP} Data",
    ),
    (
        "total 19",
        lambda b: b.ethernet(b.ipv4(b.tcp(), total=19)),
        None,
        "IPv4 16 bad-length 20 19",
        f"{ETH_IP} Data",
    ),
    (
        "ip options",
        lambda b: b.ethernet(b.ipv4(b"", options=bytes(8)))[:38],
        42,
        "IPv4 14 length-beyond-capture 28 24",
        ETH_IP,
    ),
    (
        "ipv6 version",
        lambda b: b.ethernet(b"\x40" + bytes(39), 0x86DD),
        None,
        "IPv6 14 bad-version 0 0",
        "Ethernet IPv6 Data",
    ),
    (
        "tcp cut",
        lambda b: b.ethernet(b.ipv4(b.tcp()[:8])),
        None,
        "TCP 34 too-short 20 8",
        f"{ETH_IP} TCP",
    ),
    (
        "offset 4",
        lambda b: b.ethernet(b.ipv4(b.tcp(GET, offset=4))),
        None,
        "TCP 46 bad-header-length 20 16",
        f"{ETH_IP} TCP Data",
    ),
    (
        "offset 15",
        lambda b: b.ethernet(b.ipv4(b.tcp(b"abcd", offset=15))),
        None,
        "TCP 46 bad-header-length 60 24",
        f"{ETH_IP} TCP Data",
    ),
    (
        "tcp options",
        lambda b: b.ethernet(b.ipv4(b.tcp(options=bytes(12))))[:60],
        66,
        "TCP 34 length-beyond-capture 32 26",
        f"{ETH_IP} TCP",
    ),
    (
        "udp length 7",
        lambda b: b.ethernet(b.ipv4(b.udp(b"abc", length=7), 17)),
        None,
        "UDP 38 bad-length 8 7",
        f"{ETH_IP} UDP Data",
    ),
    (
        "udp length 50",
        lambda b: b.ethernet(b.ipv4(b.udp(b"abc", length=50), 17)),
        None,
        "UDP 38 bad-length 50 11",
        f"{ETH_IP} UDP Data",
    ),
    (
        "nothing in ip",
        lambda b: b.ethernet(b.ipv4(b"")),
        None,
        "TCP 34 too-short 20 0",
        ETH_IP,
    ),
]
"""What it is, the frame, its length on the wire, the break in a line, the layers in a line."""


@pytest.mark.parametrize(
    ("frame", "length", "broken", "layers"), [row[1:] for row in BREAKS], ids=[row[0] for row in BREAKS]
)
def test_a_broken_packet_keeps_its_layers_and_says_where_it_stopped(
    build: SimpleNamespace, frame: Callable[[SimpleNamespace], bytes], length: int | None, broken: str, layers: str
) -> None:
    found = dissect(frame(build), 1, length)
    stop = found.broken
    assert stop is not None
    assert f"{stop.layer} {stop.offset} {stop.reason} {stop.needed} {stop.available}" == broken
    assert names(found) == layers.split()


def test_raw_bytes_that_are_no_ip(build: SimpleNamespace) -> None:
    found = dissect(b"\x10abc", 101)
    assert names(found) == ["Data"]
    assert found.broken is not None
    assert found.broken.reason == "bad-version"


def test_a_header_that_is_cut_shows_the_fields_that_are_there(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = dissect(build.ethernet(build.ipv4(build.tcp()[:8])), 1)
    assert look.field(found, "tcp.srcport").value == "51515"
    assert look.field(found, "tcp.seq_raw").value == str(0x01020304)
    assert not [each for each in look.fields(found) if each.key == "tcp.ack_raw"]


def test_a_payload_that_the_capture_cut_breaks_nothing(build: SimpleNamespace, look: SimpleNamespace) -> None:
    whole = build.ethernet(build.ipv4(build.tcp(GET + bytes(500))))
    found = dissect(whole[:70], 1, len(whole))
    assert found.broken is None
    assert look.shape(found)[2] == ("TCP", (34, 54), (54, 70))
    assert (found.captured, found.length) == (70, len(whole))


def test_a_total_length_of_zero_ends_with_the_frame(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = dissect(build.ethernet(build.ipv4(build.tcp(GET), total=0)), 1)
    assert found.broken is None
    assert names(found)[-1] == "HTTP"


FIXED = {
    "eth.src": lambda raw: raw.hex(":"),
    "ip.ttl": lambda raw: str(raw[0]),
    "ip.len": lambda raw: str(int.from_bytes(raw, "big")),
    "ip.id": lambda raw: f"0x{raw.hex()}",
    "ip.checksum": lambda raw: f"0x{raw.hex()}",
    "ip.src": lambda raw: ".".join(str(byte) for byte in raw),
    "tcp.srcport": lambda raw: str(int.from_bytes(raw, "big")),
    "tcp.dstport": lambda raw: str(int.from_bytes(raw, "big")),
    "tcp.seq_raw": lambda raw: str(int.from_bytes(raw, "big")),
    "tcp.ack_raw": lambda raw: str(int.from_bytes(raw, "big")),
    "tcp.window_size_value": lambda raw: str(int.from_bytes(raw, "big")),
    "tcp.checksum": lambda raw: f"0x{raw.hex()}",
}


@given(head=st.binary(min_size=18, max_size=18), segment=st.binary(min_size=20, max_size=20))
@settings(max_examples=60, deadline=None)
def test_the_bytes_at_a_span_are_the_value(head: bytes, segment: bytes) -> None:
    fixed = bytearray(b"\x45" + head + b"\x07" + segment)
    fixed[2:4], fixed[6:8], fixed[9], fixed[32] = b"\x00\x28", b"\0\0", 6, 0x50
    frame = bytes(range(12)) + b"\x08\x00" + bytes(fixed)
    found = dissect(frame, 1)
    seen = {field.key: field for layer in found.layers for field in layer.fields}
    for key, read in FIXED.items():
        assert seen[key].value == read(frame[seen[key].span.start : seen[key].span.end]), key


def held(found: Dissection, frame: bytes) -> None:
    """What every dissection keeps: each layer is the payload of the one below, each field is inside its layer."""
    around = (0, len(frame))
    for layer in found.layers:
        end = layer.trailer.end if layer.trailer is not None else layer.payload.end
        assert (layer.header.start, end) == around
        assert layer.header.start <= layer.header.end == layer.payload.start <= layer.payload.end
        assert layer.trailer is None or layer.trailer.start == layer.payload.end
        inside(layer.fields, 8 * layer.header.start, 8 * end)
        around = tuple(layer.payload)
    assert found.layers or not frame


def inside(fields: tuple, first: int, last: int) -> None:  # type: ignore[type-arg]
    for field in fields:
        assert first <= field.bit_start <= field.bit_end <= last, field.key
        assert field.value.isprintable(), field.key
        inside(field.children, field.bit_start, field.bit_end)


@given(frame=st.binary(max_size=160), link_type=st.sampled_from(LINK_TYPES), more=st.integers(0, 2000))
@settings(max_examples=250, deadline=None)
def test_any_bytes_of_any_link_type_never_raise(frame: bytes, link_type: int, more: int) -> None:
    held(dissect(frame, link_type, len(frame) + more), frame)


@given(
    data=st.data(),
    protocol=st.sampled_from([1, 2, 4, 6, 17, 33, 41, 47, 50, 51, 58, 89, 103, 112, 132, 137]),
    ports=st.sampled_from([(53, 9999), (5353, 5353), (67, 68), (546, 547), (123, 123), (1, 4789), (443, 1), (8000, 1)]),
)
@settings(max_examples=250, deadline=None)
def test_any_bytes_in_any_protocol_never_raise(
    build: SimpleNamespace, data: st.DataObject, protocol: int, ports: tuple[int, int]
) -> None:
    rest = data.draw(st.binary(max_size=120))
    payload = {6: build.tcp(rest, ports=ports), 17: build.udp(rest, ports)}.get(protocol, rest)
    version6 = data.draw(st.booleans())
    frame = (
        build.ethernet(build.ipv6(payload, protocol), 0x86DD)
        if version6
        else build.ethernet(build.ipv4(payload, protocol))
    )
    held(dissect(frame, 1), frame)


@given(cut=st.integers(0, 400), at=st.integers(0, 399), byte=st.integers(0, 255))
@settings(max_examples=150, deadline=None)
def test_a_good_frame_cut_or_damaged_anywhere_never_raises(
    build: SimpleNamespace, cut: int, at: int, byte: int
) -> None:
    options = bytes.fromhex("020405b4 0402 080a 00000001 00000002 01 030307")
    inner = build.ethernet(build.ipv4(build.tcp(GET, options)))
    frame = bytearray(build.ethernet(build.ipv4(build.udp(b"\x08\0\0\0\0\0\x01\0" + inner, (1, 4789)), 17)))
    frame[at % len(frame)] = byte
    held(dissect(bytes(frame[:cut]), 1, len(frame)), bytes(frame[:cut]))


def test_threads_do_not_disturb_each_other(build: SimpleNamespace) -> None:
    frames = [build.ethernet(build.ipv6(build.tcp(GET + bytes([48 + n])), 6), 0x86DD) for n in range(6)]
    alone = [dissect(frame, 1) for frame in frames]
    together: dict[int, list[Dissection]] = {}

    def work(n: int) -> None:
        together[n] = [dissect(frames[n], 1) for _ in range(10)]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(each == alone[n] for n in range(6) for each in together[n])


def test_scapy_is_as_it_was_afterwards(build: SimpleNamespace) -> None:
    dissect(bytes(60), 1)
    from scapy.layers.inet import IP
    from scapy.packet import Packet

    assert Packet.do_dissect.__module__ == "scapy.packet"
    assert IP(build.ipv4(build.tcp(GET))).payload.sport == 51515
