"""WebSocket frames as fields of a packet: their bits, their spans, and the payload in clear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.dissect.step import Under, Window
from netviz.dissect.websocket import websocket
from netviz.model.layers import Field

HELLO = bytes.fromhex("818537fa213d7f9f4d5158")


def fields_of(payload: bytes, within: int = 0) -> tuple[Field, ...]:
    frame = b"\xee" * 5 + payload + b"\xee"
    step = websocket(Window(frame, 5, 5 + len(payload), 5 + len(payload), Under(within=within)))
    assert (step.protocol, step.header_end) == ("WebSocket", 5 + len(payload))
    return step.fields


def told(field: Field) -> dict[str, str]:
    return {each.key.removeprefix("websocket."): each.value for each in field.children}


def test_a_masked_frame() -> None:
    (frame,) = fields_of(HELLO)
    assert frame.value == "text FIN, 5 B"
    assert told(frame) == {
        "fin": "1", "rsv": "0", "opcode": "1 (text)", "mask": "1", "payload_length": "5",
        "masking_key": frame.children[5].value, "payload": "Hello",
    }  # fmt: skip
    spans = [(each.bit_start - 40, each.bit_end - 40) for each in frame.children]
    assert spans == [(0, 1), (1, 4), (4, 8), (8, 9), (9, 16), (16, 48), (48, 88)]


@pytest.mark.parametrize(
    ("payload", "value", "content"),
    [
        (b"\x88\x07\x03\xe8done!", "close FIN, 7 B", "1000 done!"),
        (b"\x02\x01\xff", "binary, 1 B", "ff"),
        (b"\x8b\x00", "opcode 11 FIN, 0 B", None),
        (b"\x82\x7e\x00\xc8" + b"x" * 50, "binary FIN, 200 B", None),
    ],
)
def test_other_frames(payload: bytes, value: str, content: str | None) -> None:
    (frame,) = fields_of(payload)
    assert frame.value == value
    assert content is None or told(frame)["payload"] == content


def test_the_rest_of_an_earlier_frame_then_two_more_and_a_beginning() -> None:
    found = fields_of(b"rest" + HELLO + b"\x89\x00" + b"\x82\x7f\x00", within=4)
    assert [each.key.removeprefix("websocket.") for each in found] == ["rest", "frame", "frame", "part"]
    assert [(each.bit_start // 8, each.bit_end // 8) for each in found] == [(5, 9), (9, 20), (20, 22), (22, 25)]


def test_more_rest_than_the_packet_has() -> None:
    (rest,) = fields_of(b"only a part", within=99)
    assert rest.key == "websocket.rest"


@given(st.binary(max_size=80), st.integers(0, 90))
def test_any_bytes_give_spans_that_cover_them(payload: bytes, within: int) -> None:
    at = 40
    for field in fields_of(payload, within):
        assert field.bit_start == at
        at = field.bit_end
    assert at == 40 + 8 * len(payload)
