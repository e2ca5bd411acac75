"""What link headers say of where a packet ends, and what follows them."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from netviz.model.protocols import Broken, Protocol

Decoded = Callable[..., dict[str, int]]


@pytest.mark.parametrize("link_type", [0, 1, 9, 51, 108, 113, 276])
def test_a_link_header_that_is_cut_is_broken(link_type: int, decoded: Decoded) -> None:
    assert decoded(b"\x00\x00\x00", link_type)["broken"] == Broken.LINK_TOO_SHORT


@pytest.mark.parametrize("link_type", [12, 14, 101, 228, 229])
def test_an_empty_frame_without_a_link_header_breaks_in_the_network(link_type: int, decoded: Decoded) -> None:
    assert decoded(b"", link_type)["broken"] == Broken.NETWORK_TOO_SHORT


def test_raw_ip_of_no_known_version(decoded: Decoded) -> None:
    assert decoded(b"\x75" + bytes(40), 101)["broken"] == Broken.NETWORK_BAD_VERSION


def test_a_length_in_place_of_an_ethertype_ends_the_packet(decoded: Decoded, build: SimpleNamespace) -> None:
    snap = bytes.fromhex("aaaa03 000000 0800") + build.ipv4(build.tcp())
    assert decoded(build.ethernet(snap, len(snap)))["broken"] == Broken.NO
    assert decoded(build.ethernet(snap, len(snap) - 1))["broken"] == Broken.TRANSPORT_TOO_SHORT
    assert decoded(build.ethernet(snap, 5))["broken"] == Broken.LINK_TOO_SHORT


def test_snap_of_another_organisation_is_no_ethertype(decoded: Decoded, build: SimpleNamespace) -> None:
    cisco = bytes.fromhex("aaaa03 00000c 0800") + build.ipv4(build.tcp())
    found = decoded(build.ethernet(cisco, len(cisco)))
    assert (found["protocol"], found["network_offset"]) == (Protocol.LLC, -1)


def test_cooked_llc_has_no_length(decoded: Decoded, build: SimpleNamespace) -> None:
    snap = bytes.fromhex("aaaa03 000000 86dd") + build.ipv6(build.udp(), 17)
    found = decoded(bytes(14) + b"\x00\x04" + snap, 113)
    assert (found["ethertype"], found["destination_port"]) == (0x86DD, 9)


def test_pppoe_ends_the_packet(decoded: Decoded, build: SimpleNamespace) -> None:
    packet = bytes.fromhex("0021") + build.ipv4(build.tcp())
    assert decoded(build.ethernet(b"\x11\x00\x00\x01\x00\x2a" + packet, 0x8864))["broken"] == Broken.NO
    assert decoded(build.ethernet(b"\x11\x00\x00\x01\x00\x29" + packet, 0x8864))["broken"] == Broken.TRANSPORT_TOO_SHORT


def test_mpls_that_carries_no_ip_is_raw(decoded: Decoded, build: SimpleNamespace) -> None:
    found = decoded(build.ethernet(bytes.fromhex("00010140 00000000"), 0x8847))
    assert (found["protocol"], found["network_offset"], found["broken"]) == (Protocol.UNKNOWN, -1, Broken.NO)
