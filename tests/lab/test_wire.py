"""The wire in user space: carries every frame both ways, loses what it is told to lose, tags what it shows."""

import os
import select
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.lab.wire import LosesOnce, Wire, carrying, tagged, tcp_payload

ETHERNET = bytes.fromhex("020000090001 020000090002 0800")


def segment(payload: bytes, padding: bytes = b"") -> bytes:
    """An Ethernet frame with IPv4 and a TCP header of 32 bytes."""
    total = 20 + 32 + len(payload)
    network = bytes([0x45, 0]) + total.to_bytes(2, "big") + bytes(5) + b"\x06" + bytes(10)
    return ETHERNET + network + bytes(12) + b"\x80" + bytes(19) + payload + padding


@pytest.mark.parametrize(
    ("frame", "length"),
    [
        (segment(b""), 0),
        (segment(b"", padding=bytes(6)), 0),
        (segment(b"abc"), 3),
        (segment(b"abc", padding=bytes(9)), 3),
        (segment(b"abc")[:50], 0),
        (ETHERNET[:12] + b"\x86\xdd" + segment(b"abc")[14:], 0),
        (segment(b"abc")[:23] + b"\x11" + segment(b"abc")[24:], 0),
    ],
)
def test_payload_is_counted_without_headers_and_padding(frame: bytes, length: int) -> None:
    assert tcp_payload(frame) == length


@given(st.binary(max_size=120))
def test_any_frame_may_pass(frame: bytes) -> None:
    assert tcp_payload(frame) >= 0


def test_a_tag_stands_after_the_addresses() -> None:
    frame = segment(b"abc")
    assert tagged(frame, vlan=5, priority=3) == frame[:12] + bytes.fromhex("8100 6005") + frame[12:]


def test_the_nth_segment_with_payload_is_lost_once() -> None:
    loses = LosesOnce("server", 2)
    sent = [("server", b""), ("server", b"a"), ("client", b"x"), ("server", b"b"), ("server", b"b"), ("server", b"c")]
    assert [loses(sender, segment(data)) for sender, data in sent] == [False, False, False, True, False, False]
    assert loses.lost == 1


@pytest.fixture
def cables() -> Iterator[dict[str, tuple[socket.socket, socket.socket]]]:
    """For each end of the wire: the machine's socket and the wire's, which keep frames apart as a TAP device does."""
    made = {name: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) for name in ("client", "server", "mirror")}
    for machine, wire in made.values():
        machine.settimeout(5)
        wire.setblocking(False)
    yield made
    for pair in made.values():
        for end in pair:
            end.close()


def test_frames_pass_both_ways_and_a_tagged_copy_is_shown(
    cables: dict[str, tuple[socket.socket, socket.socket]],
) -> None:
    (client, one), (server, other), (mirror, port) = cables["client"], cables["server"], cables["mirror"]
    wire = Wire(one.fileno(), other.fileno(), mirror=port.fileno(), vlan=5)
    with carrying(wire):
        client.send(segment(b"question"))
        assert server.recv(2000) == segment(b"question")
        server.send(segment(b"answer"))
        assert client.recv(2000) == segment(b"answer")
    assert [mirror.recv(2000) for _ in range(2)] == [tagged(segment(text), 5) for text in (b"question", b"answer")]


def test_order_is_kept_with_delay_and_a_lost_frame_does_not_arrive(
    cables: dict[str, tuple[socket.socket, socket.socket]],
) -> None:
    (client, one), (server, other) = cables["client"], cables["server"]
    wire = Wire(one.fileno(), other.fileno(), delay=0.002, loses=LosesOnce("client", 2))
    with carrying(wire):
        for text in (b"1", b"2", b"3", b"4"):
            client.send(segment(text))
        assert [server.recv(2000) for _ in range(3)] == [segment(text) for text in (b"1", b"3", b"4")]
    assert not select.select([server], [], [], 0)[0]


def test_cutting_the_wire_leaves_no_descriptor_behind() -> None:
    def open_descriptors() -> set[str]:
        return set(os.listdir("/proc/self/fd"))

    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("needs /proc")
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with one, other:
        before = open_descriptors()
        with carrying(Wire(one.fileno(), other.fileno())):
            assert len(open_descriptors()) == len(before) + 2
        assert open_descriptors() == before
