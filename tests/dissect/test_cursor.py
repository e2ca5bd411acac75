"""A place in a frame that moves on and never past its end."""

import pytest

from netviz.dissect.cursor import Cursor, OutOfBytes, TooManyFields, bit_field, bits_of
from netviz.dissect.forms import hexadecimal, number


def test_fields_one_after_another() -> None:
    cursor = Cursor(b"..\x01\x02\x03\x04", 2, 6)
    assert cursor.number("a", "A", 2) == 0x0102
    cursor.octets("b", "B", 1, hexadecimal)
    cursor.rest("c", "C")
    assert [(each.key, each.value, tuple(each.span)) for each in cursor.fields] == [
        ("a", "258", (2, 4)),
        ("b", "0x03", (4, 5)),
        ("c", "04", (5, 6)),
    ]


def test_more_than_there_is_moves_nothing() -> None:
    cursor = Cursor(b"abc", 1, 3)
    with pytest.raises(OutOfBytes) as short:
        cursor.take(3)
    assert (short.value.at, short.value.needed, short.value.available, cursor.at) == (1, 3, 2, 1)


def test_a_group_takes_its_parts_in() -> None:
    cursor = Cursor(b"abcd", 0, 4)
    cursor.number("x", "X", 1)
    cursor.number("y", "Y", 1)
    cursor.number("z", "Z", 1)
    cursor.group("g", "G", "both", 1, 1)
    assert [each.key for each in cursor.fields] == ["x", "g"]
    assert ([part.key for part in cursor.fields[1].children], tuple(cursor.fields[1].span)) == (["y", "z"], (1, 3))


def test_fields_are_bounded() -> None:
    cursor = Cursor(bytes(10), 0, 10, most=3)
    for _ in range(3):
        cursor.number("x", "X", 1)
    with pytest.raises(TooManyFields):
        cursor.number("x", "X", 1)


@pytest.mark.parametrize(("start", "end", "value"), [(8, 12, "10"), (12, 16, "11"), (10, 20, "700"), (8, 24, "43968")])
def test_bits_across_bytes(start: int, end: int, value: str) -> None:
    field = bit_field(b"\xff\xab\xc0\xff", "k", "K", start, end)
    assert (field.value, field.bit_start, field.bit_end) == (value, start, end)


def test_bits_behind_each_other() -> None:
    fields = bits_of(b"\x00\xa5", 8, (("a", "A", 1, number), ("b", "B", 3, number), ("c", "C", 4, number)))
    assert [(each.value, each.bit_start, each.bit_end) for each in fields] == [("1", 8, 9), ("2", 9, 12), ("5", 12, 16)]
