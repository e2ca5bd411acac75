"""Text forms of bytes."""

import pytest

from netviz.dissect import forms


@pytest.mark.parametrize(
    ("form", "raw", "said"),
    [
        (forms.number, b"\x01\x00", "256"),
        (forms.hexadecimal, b"\x0a\xbc", "0x0abc"),
        (forms.address, b"\x0a\0\0\x01", "10.0.0.1"),
        (forms.address, bytes(15) + b"\x01", "::1"),
        (forms.address, b"\x02\0\0\0\0\x01", "02:00:00:00:00:01"),
        (forms.text, b"ab\x1bc\0\0", "ab\u241bc"),
        (forms.octets, b"\x01\x02", "01 02"),
        (forms.octets, bytes(20), "00 " * 15 + "00 … (20 B)"),
        (forms.signed, b"\xec", "-20"),
        (forms.times(4), b"\x05", "5 (20 B)"),
        (forms.named({6: "TCP"}), b"\x06", "6 (TCP)"),
        (forms.named({6: "TCP"}), b"\x07", "7"),
        (forms.named_hexadecimal({0x800: "IPv4"}), b"\x08\x00", "0x0800 (IPv4)"),
        (forms.yes, b"\x01", "1"),
    ],
)
def test_a_form_spells_the_bytes(form: forms.Form, raw: bytes, said: str) -> None:
    assert form(int.from_bytes(raw, "big"), raw) == said
