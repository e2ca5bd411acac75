"""Protocols in scapy's own words: radiotap, 802.11, spanning tree, a controller area network."""

from types import SimpleNamespace

import pytest

RADIOTAP = bytes.fromhex("0000 1200 2e480000 10 02 6c09 a000 d300 0000")


def test_radiotap_fields_stand_behind_their_alignment(look: SimpleNamespace) -> None:
    # Present: flags, rate, channel, signal, antenna, receiver flags; the last aligned to two bytes.
    found = look.dissect(RADIOTAP + bytes(30), 127)
    assert found.layers[0].header == (0, 18)
    assert look.field(found, "radiotap.channelfrequency").value == "2412"
    assert look.field(found, "radiotap.channelfrequency").span == (10, 12)
    assert look.field(found, "radiotap.rxflags").span == (16, 18)


def test_a_data_frame_carries_llc_and_ends_in_its_check_sequence(build: SimpleNamespace, look: SimpleNamespace) -> None:
    wifi = b"\x08\x01\x2c\x00" + build.mac_a + build.mac_b + build.mac_a + b"\x10\x00"
    content = bytes.fromhex("aaaa03 000000 0800") + build.ipv4(build.udp(), 17)
    found = look.dissect(RADIOTAP + wifi + content + b"\x01\x02\x03\x04", 127)
    assert [layer.protocol for layer in found.layers] == ["Radiotap", "802.11", "LLC", "SNAP", "IPv4", "UDP"]
    assert found.layers[1].header == (18, 42)
    assert found.layers[1].trailer == (78, 82)
    assert look.field(found, "wlan.fcs").value == "0x04030201"
    assert look.field(found, "wlan.addr2").value.startswith(build.mac_b.hex(":"))


def test_a_beacon_is_one_layer(look: SimpleNamespace, build: SimpleNamespace) -> None:
    body = bytes(8) + b"\x64\x00\x01\x00" + b"\x00\x04cafe" + b"\x03\x01\x06"
    frame = b"\x80\x00\x00\x00" + b"\xff" * 6 + build.mac_a * 2 + bytes(2) + body
    found = look.dissect(frame, 105)
    assert [layer.protocol for layer in found.layers] == ["802.11"]
    assert "Beacon" in look.field(found, "wlan.subtype").value
    assert any("cafe" in each.value for each in look.fields(found))
    assert look.end_of(found.layers[0]) == len(frame)


def test_a_spanning_tree_message_has_scapys_fields(build: SimpleNamespace, look: SimpleNamespace) -> None:
    bridge = bytes.fromhex("424203 0000 00 00 00 8000020000000001 00000004 8000020000000002 8001 0100 1400 0200 0f00")
    found = look.dissect(build.ethernet(bridge, len(bridge)), 1)
    assert look.field(found, "stp.rootmac").value == "02:00:00:00:00:01"
    assert look.field(found, "stp.pathcost").span == (30, 34)


def test_a_link_type_whose_module_is_loaded_when_it_is_met(look: SimpleNamespace) -> None:
    found = look.dissect(bytes.fromhex("00000123 02 000000 abcd"), 227)
    assert found.layers[0].protocol == "CAN"
    assert look.field(found, "can.identifier").value == "0x123"


@pytest.mark.parametrize("size", [0, 4, 9, 17])
def test_radiotap_cut_or_lying(look: SimpleNamespace, size: int) -> None:
    assert look.dissect(RADIOTAP[:size], 127).broken.layer == "Radiotap"


def test_a_radiotap_length_below_its_least(look: SimpleNamespace) -> None:
    assert look.dissect(b"\0\0\x04\0" + bytes(20), 127).broken.reason == "bad-header-length"


def test_endless_lists_are_taken_apart_up_to_a_bound(build: SimpleNamespace, look: SimpleNamespace) -> None:
    beacon = b"\x80\x00\x00\x00" + b"\xff" * 6 + build.mac_a * 2 + bytes(2) + bytes(12) + b"\x30\x00" * 30000
    found = look.dissect(beacon, 105)
    assert [layer.protocol for layer in found.layers] == ["802.11", "Data"]
    assert look.end_of(found.layers[0]) == len(beacon)
    assert len(look.fields(found)) < 3000
