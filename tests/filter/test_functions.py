"""Parts of bytes, and what there is of them."""

import pytest

from netviz.filter.functions import taken
from netviz.filter.parser import parse
from netviz.filter.syntax import Comparison, Derived, Slice


@pytest.mark.parametrize(
    ("slices", "octets"),
    [
        ((Slice(0, 2),), b"ab"),
        ((Slice(1, 1),), b"b"),
        ((Slice(2),), b"cdef"),
        ((Slice(-2, None),), b"ef"),
        ((Slice(-3, 2),), b"de"),
        ((Slice(1, None, 2),), b"bc"),
        ((Slice(1, None, -2),), b"bcde"),
        ((Slice(0, 1), Slice(5, 1)), b"af"),
        ((Slice(4, 9),), b"ef"),
        ((Slice(6, 1),), None),
        ((Slice(-7, 1),), None),
        ((Slice(3, None, 1),), None),
    ],
)
def test_parts_are_taken(slices, octets):
    assert taken(b"abcdef", slices) == octets


@pytest.mark.parametrize("text", ["frame[0:4]", "frame[3]", "frame[-2:]", "frame[1-3,5]", "len(frame[0:4])"])
def test_a_derived_field_is_written_as_it_reads(text):
    found = parse(f"{text} == 1")
    assert isinstance(found, Comparison) and isinstance(found.field, Derived) and found.field.name == text
