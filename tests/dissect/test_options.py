"""Options: one field each with its bytes; a length that lies ends the list and nothing else."""

from types import SimpleNamespace

import pytest

SYN = bytes.fromhex("020405b4 0402 080a 00000001 00000002 01 030307")


def test_the_options_of_a_syn(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv4(build.tcp(options=SYN, flags=2)), 101)
    options = look.field(found, "tcp.options")
    assert options.span == (40, 60)
    assert [(part.key, tuple(part.span), part.value) for part in options.children] == [
        ("tcp.options.mss", (40, 44), "1460"),
        ("tcp.options.sack_perm", (44, 46), ""),
        ("tcp.options.timestamp", (46, 56), "1, 2"),
        ("tcp.options.nop", (56, 57), "0x01"),
        ("tcp.options.wscale", (57, 60), "7 (x128)"),
    ]
    assert look.field(found, "tcp.options.timestamp.tsecr").span == (52, 56)


def test_blocks_of_a_selective_acknowledgment(build: SimpleNamespace, look: SimpleNamespace) -> None:
    sack = bytes.fromhex("0101 050a 00000010 00000020")
    found = look.dissect(build.ipv4(build.tcp(options=sack)), 101)
    assert look.field(found, "tcp.options.sack").value == "16-32"
    assert look.field(found, "tcp.options.sack_re").span == (48, 52)


@pytest.mark.parametrize("options", ["02000000", "02010000", "02ff0000", "00000000"])
def test_an_option_that_lies_ends_the_list_and_breaks_nothing(
    build: SimpleNamespace, look: SimpleNamespace, options: str
) -> None:
    found = look.dissect(build.ipv4(build.tcp(b"x", bytes.fromhex(options))), 101)
    assert found.broken is None
    last = look.field(found, "tcp.options").children[-1]
    assert last.key in ("tcp.options.unreadable", "tcp.options.padding")
    assert last.span.end == 44
    assert look.shape(found)[1] == ("TCP", (20, 44), (44, 45))


def test_a_window_scale_of_another_size_is_not_guessed_at(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv4(build.tcp(options=bytes.fromhex("03040102"))), 101)
    option = look.field(found, "tcp.options").children[0]
    assert (option.key, option.value) == ("tcp.options.other", "")
    assert option.children[-1].key == "tcp.option_data"


def test_ip_options(build: SimpleNamespace, look: SimpleNamespace) -> None:
    options = bytes.fromhex("94040000 0707 04 0a000001 00")
    found = look.dissect(build.ipv4(build.udp(), 17, options), 101)
    assert [part.key for part in look.field(found, "ip.options").children] == [
        "ip.options.ra",
        "ip.options.route",
        "ip.options.eol",
    ]
    assert look.field(found, "ip.rec_rt").value == "10.0.0.1"
    assert look.field(found, "ip.rec_rt").span == (27, 31)


def test_neighbour_discovery(build: SimpleNamespace, look: SimpleNamespace) -> None:
    solicit = bytes([135, 0, 0xAB, 0xCD]) + bytes(4) + bytes(15) + b"\x01" + b"\x01\x01" + build.mac_a
    found = look.dissect(build.ipv6(solicit, 58), 229)
    assert look.field(found, "icmpv6.nd.ns.target_address").value == "::1"
    option = look.field(found, "icmpv6.opt")
    assert (option.label, option.value, tuple(option.span)) == (
        "Source Link-Layer Address",
        build.mac_a.hex(":"),
        (64, 72),
    )


def test_a_router_advertisement_with_prefix_and_mtu(build: SimpleNamespace, look: SimpleNamespace) -> None:
    prefix = bytes([3, 4, 64, 0xC0]) + b"\0\0\x0e\x10\0\0\x07\x08" + bytes(4) + bytes.fromhex("20010db8") + bytes(12)
    advert = bytes([134, 0, 0, 0, 64, 0x80, 0x07, 0x08]) + bytes(8) + prefix + bytes([5, 1, 0, 0]) + b"\0\0\x05\xdc"
    found = look.dissect(build.ipv6(advert, 58), 229)
    assert [each.value for each in look.fields(found) if each.key == "icmpv6.opt"] == ["2001:db8::/64", "1500"]
    assert look.field(found, "icmpv6.nd.ra.flag.m").value == "1"
    assert look.field(found, "icmpv6.opt.prefix.valid_lifetime").value == "3600"


def test_an_option_of_no_length_ends_the_list(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv6(bytes([133, 0]) + bytes(6) + bytes([1, 0]) + bytes(6), 58), 229)
    assert look.field(found, "options.unreadable").span == (48, 56)


def test_endless_options_are_listed_up_to_a_bound(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv6(bytes([133, 0]) + bytes(6) + (b"\x0e\x01" + bytes(6)) * 4000, 58), 229)
    assert found.broken is None
    assert len(look.fields(found)) < 4000
