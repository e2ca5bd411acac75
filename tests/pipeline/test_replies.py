"""Requests and replies over UDP: paired by what their protocol repeats, and by nothing else except as a guess."""

import pytest

from netviz.model.protocols import Protocol
from netviz.pipeline.replies import Heard, Pair, message_of, paired

DNS, NTP, UDP = Protocol.DNS, Protocol.NTP, Protocol.UDP


def dns(number: int, response: bool = False, name: bytes = b"\x01a\x00") -> bytes:
    flags = b"\x81\x80" if response else b"\x01\x00"
    return number.to_bytes(2, "big") + flags + b"\0\1" + bytes(6) + name + b"\0\1\0\1"


def ntp(mode: int, origin: bytes = bytes(8), transmit: bytes = bytes(8)) -> bytes:
    return bytes([0x20 | mode]) + bytes(23) + origin + bytes(8) + transmit


def snmp(tag: int, number: bytes) -> bytes:
    inside = b"\x02" + bytes([len(number)]) + number + b"\x02\x01\x00" + b"\x02\x01\x00" + b"\x30\x00"
    whole = b"\x02\x01\x01" + b"\x04\x06public" + bytes([tag, len(inside)]) + inside
    return b"\x30" + bytes([len(whole)]) + whole


def heard(*datagrams: tuple[str, int, bytes], ports: tuple[int, int] = (40000, 53)) -> list[Heard]:
    return [Heard(at, sender, protocol, ports, payload) for at, (sender, protocol, payload) in enumerate(datagrams, 1)]


def test_a_dns_reply_answers_the_query_with_its_id_and_name() -> None:
    other = b"\x01b\x00"
    found = paired(
        heard(("c", DNS, dns(7)), ("c", DNS, dns(7, name=other)), ("s", DNS, dns(7, True)), ("s", DNS, dns(8, True)))
    )
    assert found[1] == Pair("dns-id", False, answered=3)
    assert found[2] == Pair("dns-id", False)
    assert found[3] == Pair("dns-id", True, answers=1)
    assert found[4] == Pair("dns-id", True)


def test_a_query_that_is_sent_again_says_so_and_the_reply_goes_to_the_latest() -> None:
    found = paired(heard(("c", DNS, dns(7)), ("c", DNS, dns(7)), ("s", DNS, dns(7, True))))
    assert found[2] == Pair("dns-id", False, answered=3, asked_before=1)
    assert found[1].answered is None


def test_a_reply_from_who_asked_answers_nothing() -> None:
    assert paired(heard(("c", DNS, dns(7)), ("c", DNS, dns(7, True))))[2].answers is None


def test_ntp_pairs_by_the_origin_timestamp() -> None:
    found = paired(heard(("c", NTP, ntp(3, transmit=b"12345678")), ("s", NTP, ntp(4, origin=b"12345678"))))
    assert found[2] == Pair("ntp-time", True, answers=1)


def test_snmp_pairs_by_the_request_id() -> None:
    asked = heard(("c", UDP, snmp(0xA0, b"\x12\x34")), ("s", UDP, snmp(0xA2, b"\x12\x34")), ports=(1025, 161))
    assert paired(asked)[2] == Pair("snmp-id", True, answers=1)


@pytest.mark.parametrize("protocol", [UDP, Protocol.DNS])
def test_what_names_no_number_is_paired_by_a_guess_at_most(protocol: int) -> None:
    found = paired(heard(("c", protocol, b"x"), ("s", protocol, b"y"), ("c", protocol, b"z"), ports=(40000, 9)))
    assert found == {1: Pair("ports", False, answered=2), 2: Pair("ports", True, answers=1)}


def test_quic_is_not_guessed_at() -> None:
    assert paired(heard(("c", Protocol.QUIC, b"x"), ("s", Protocol.QUIC, b"y"))) == {}


@pytest.mark.parametrize("cut", range(40))
@pytest.mark.parametrize("payload", [dns(7), snmp(0xA0, b"\x12"), ntp(3), b"\x30\x84\xff\xff\xff\xff\x02\x01"])
def test_cut_contents_never_raise(payload: bytes, cut: int) -> None:
    for protocol in (DNS, NTP, UDP, Protocol.DHCP, Protocol.DHCPV6):
        found = message_of(protocol, (161, 161), payload[:cut])
        assert found is None or found.tie
