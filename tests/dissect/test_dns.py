"""DNS: names through pointers, records by type, and messages that lie about their lengths."""

from types import SimpleNamespace

import pytest

NAME = b"\x03www\x07example\x00"
QUESTION = NAME + b"\x00\x01\x00\x01"


def head(questions: int = 1, answers: int = 0, flags: int = 0x8180) -> bytes:
    return b"\x12\x34" + flags.to_bytes(2, "big") + questions.to_bytes(2, "big") + answers.to_bytes(2, "big") + bytes(4)


def answer(kind: int, data: bytes, name: bytes = b"\xc0\x0c") -> bytes:
    return name + kind.to_bytes(2, "big") + b"\x00\x01\x00\x00\x00\x3c" + len(data).to_bytes(2, "big") + data


def message(look: SimpleNamespace, build: SimpleNamespace, raw: bytes) -> object:
    return look.dissect(build.ipv4(build.udp(raw, (53, 40000)), 17), 101)


def test_a_question_and_its_answer(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = message(look, build, head(1, 1) + QUESTION + answer(1, b"\x5d\xb8\xd8\x22"))
    assert look.field(found, "dns.flags").value == "0x8180 (response, NOERROR)"
    assert look.field(found, "dns.qry.name").value == "www.example"
    assert look.field(found, "dns.qry.name").span == (40, 40 + len(NAME))
    assert look.field(found, "dns.resp.name").value == "www.example"
    record = look.field(found, "dns.answer")
    assert record.value == "www.example A 93.184.216.34"
    assert look.field(found, "dns.a").span == (record.span.end - 4, record.span.end)
    code = look.field(found, "dns.flags.rcode")
    assert (code.bit_start, code.bit_end) == (8 * 32 - 4, 8 * 32)


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        (28, bytes(15) + b"\x01", "AAAA ::1"),
        (5, b"\x01a\xc0\x0c", "CNAME a.www.example"),
        (15, b"\x00\x0a\xc0\x0c", "MX 10 www.example"),
        (16, b"\x02hi\x03all", "TXT hi all"),
        (33, b"\x00\x01\x00\x02\x1f\x40\xc0\x0c", "SRV 1 2 8000 www.example"),
        (6, b"\xc0\x0c\x02me\x00" + bytes(20), "SOA www.example"),
        (99, b"\xab\xcd", "99 ab cd"),
        (1, b"\x01\x02\x03", "A 01 02 03"),
    ],
)
def test_records_by_their_type(
    build: SimpleNamespace, look: SimpleNamespace, kind: int, data: bytes, said: str
) -> None:
    found = message(look, build, head(1, 1) + QUESTION + answer(kind, data))
    assert look.field(found, "dns.answer").value == f"www.example {said}"
    assert found.broken is None


def test_a_pointer_that_never_ends_is_followed_no_further(build: SimpleNamespace, look: SimpleNamespace) -> None:
    for name in (b"\xc0\x0c", b"\xc0\x0e\xc0\x0c", b"\x01a\xc0\x0c", b"\xff\xff"):
        found = message(look, build, head() + name + b"\x00\x01\x00\x01")
        assert [layer.protocol for layer in found.layers] == ["IPv4", "UDP", "DNS"]
        assert look.field(found, "dns.qry.name").span.start == 40


def test_a_message_cut_short_keeps_its_fields_and_says_so(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = message(look, build, (head(1, 1) + QUESTION + answer(1, bytes(4)))[:-2])
    assert (found.broken.layer, found.broken.reason) == ("DNS", "too-short")
    assert look.field(found, "dns.qry.name").value == "www.example"


def test_counts_that_promise_more_than_there_is(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = message(look, build, head(1, 65535) + QUESTION)
    assert found.broken.layer == "DNS"


def test_edns_has_its_own_meaning_for_class_and_ttl(build: SimpleNamespace, look: SimpleNamespace) -> None:
    raw = head(1, 0)[:10] + b"\x00\x01" + QUESTION + b"\x00\x00\x29\x04\xd0\x00\x00\x80\x00\x00\x00"
    found = message(look, build, raw)
    assert look.field(found, "dns.rr.udp_payload_size").value == "1232"
    assert look.field(found, "dns.resp.name").value == "<Root>"


def test_over_tcp_with_its_length(build: SimpleNamespace, look: SimpleNamespace) -> None:
    raw = head() + QUESTION
    framed = len(raw).to_bytes(2, "big") + raw
    found = look.dissect(build.ipv4(build.tcp(framed, ports=(40000, 53))), 101)
    assert found.layers[-1].protocol == "DNS"
    assert look.field(found, "dns.qry.name").value == "www.example"
    assert look.dissect(build.ipv4(build.tcp(framed[:20], ports=(40000, 53))), 101).broken is None


def test_multicast_dns_and_a_port_without_dns(build: SimpleNamespace, look: SimpleNamespace) -> None:
    raw = head(flags=0) + NAME + b"\x00\x0c\x80\x01"
    found = look.dissect(build.ipv4(build.udp(raw, (5353, 5353)), 17), 101)
    assert found.layers[-1].protocol == "mDNS"
    assert look.field(found, "dns.qry.class").value == "32769 (IN)"
    assert look.dissect(build.ipv4(build.udp(bytes(20), (53, 53)), 17), 101).layers[-1].protocol == "Data"


def test_hostile_names_are_safe(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = message(look, build, head() + b"\x05\x1b[31m\x00\x00\x01\x00\x01")
    assert look.field(found, "dns.qry.name").value == "\u241b[31m"
