"""One DNS message in one line: a table, hostile compression, and any bytes."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.wire.dns import question, type_name

WWW = bytes.fromhex("03777777076578616d706c6500")


def message(flags: int, counts: tuple[int, int], rest: bytes) -> bytes:
    return struct.pack("!HHHHHH", 0x1A2B, flags, *counts, 0, 0) + rest


def record(kind: int, data: bytes, name: bytes = b"\xc0\x0c") -> bytes:
    return name + struct.pack("!HHIH", kind, 1, 60, len(data)) + data


ASKED = WWW + bytes.fromhex("00010001")


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (message(0x0100, (1, 0), ASKED), "query 0x1a2b A www.example"),
        (message(0x0100, (1, 0), b"\0" + bytes.fromhex("00020001")), "query 0x1a2b NS ."),
        (message(0x8183, (1, 0), ASKED), "response 0x1a2b NXDOMAIN A www.example"),
        (message(0x818F, (0, 0), b""), "response 0x1a2b RCODE15"),
        (message(0x8180, (1, 1), ASKED + record(1, bytes([192, 0, 2, 1]))),
         "response 0x1a2b A www.example → A 192.0.2.1"),
        (message(0x8180, (1, 1), ASKED + record(28, bytes.fromhex("20010db8" + "00" * 11 + "01"))),
         "response 0x1a2b A www.example → AAAA 2001:db8::1"),
        (message(0x8180, (1, 2), ASKED + record(5, b"\x01a\xc0\x10") + record(1, bytes(4))),
         "response 0x1a2b A www.example → CNAME a.example, A 0.0.0.0"),
        (message(0x8180, (1, 1), ASKED + record(15, b"\x00\x0a\x02mx\xc0\x10")),
         "response 0x1a2b A www.example → MX 10 mx.example"),
        (message(0x8180, (1, 1), ASKED + record(16, b"\x05a\x1b\\b" + b'"')),
         'response 0x1a2b A www.example → TXT "a\\027\\\\b""'),
        (message(0x8180, (1, 1), ASKED + record(65280, b"??")), "response 0x1a2b A www.example → TYPE65280"),
        (message(0x8180, (1, 9), ASKED + record(1, bytes(4)) * 9),
         "response 0x1a2b A www.example → A 0.0.0.0, A 0.0.0.0, A 0.0.0.0, A 0.0.0.0 (+5)"),
        (message(0x0100, (1, 0), b"\x04a.\xc3\x1b\x00" + bytes.fromhex("00010001")), "query 0x1a2b A a\\.\\195\\027"),
    ],
)  # fmt: skip
def test_a_message(payload: bytes, text: str) -> None:
    found = question(payload)
    assert found is not None
    assert str(found) == text
    assert not found.broken


def test_a_header_that_is_cut_is_no_message() -> None:
    assert question(message(0x0100, (1, 0), b"")[:11]) is None


@pytest.mark.parametrize("cut", range(12, 12 + len(ASKED)))
def test_a_question_that_is_cut(cut: int) -> None:
    found = question(message(0x0100, (1, 0), ASKED)[:cut])
    assert found is not None
    assert found.broken
    assert found.type is None


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"\xc0\x0c", id="points at itself"),
        pytest.param(b"\x01a\xc0\x0c", id="points at its own beginning"),
        pytest.param(b"\xc0\x0e\xc0\x0c", id="points forward"),
        pytest.param(b"\xc0\x12\0\1\0\1" + WWW, id="points forward, to a name"),
        pytest.param(b"\xff\xff", id="points behind the message"),
        pytest.param(b"\x40" + bytes(64), id="a label of a kind that is not known"),
        pytest.param((b"\x3f" + b"a" * 63) * 4 + b"\0", id="longer than a name can be"),
    ],
)
def test_a_name_that_can_not_be_read(name: bytes) -> None:
    found = question(message(0x0100, (1, 0), name + bytes(4)))
    assert found is not None
    assert (found.name, found.broken) == (None, True)


def test_pointers_that_go_back_step_by_step_are_followed() -> None:
    data = b"\x01b\xc0\x0c"
    first = ASKED + record(5, data)
    found = question(message(0x8180, (1, 2), first + record(5, b"\x01c" + (0xC000 | 12 + len(first) - 4).to_bytes(2))))
    assert found is not None
    assert found.answers == ("CNAME b.www.example", "CNAME c.b.www.example")


def test_an_unknown_type_is_a_number() -> None:
    assert type_name(64999) == "TYPE64999"


@given(st.binary(max_size=200), st.integers(0, 40), st.integers(0, 6))
def test_any_bytes_are_taken(rest: bytes, answers: int, questions: int) -> None:
    found = question(message(0x8180, (questions, answers), rest))
    assert found is not None
    text = str(found)
    assert text.replace("→", "").isascii() and text.isprintable()
    assert len(found.answers) <= 4
    assert len(text) < 3000
