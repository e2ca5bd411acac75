"""The chunked coding: every cut gives the same content, and what is broken ends it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.http.chunked import ChunkReader

# (name, body, content, violations); `|` marks where the body ends and other bytes begin.
CASES = [
    ("two chunks", b"5\r\nhello\r\n6;n=v\r\n world\r\n0\r\n\r\n|GET", b"hello world", []),
    ("hexadecimal", b"A\r\n0123456789\r\n0a\r\n0123456789\r\n0\r\n\r\n", b"01234567890123456789", []),
    ("empty", b"0\r\n\r\n|x", b"", []),
    ("several zeros", b"000\r\n\r\n", b"", []),
    ("trailers", b"1\r\nx\r\n0\r\nA: b\r\nC: d\r\n\r\n|z", b"x", []),
    ("bare LF", b"1\nx\n0\n\n", b"x", ["bare-lf"]),
    ("white space", b" 1 \r\nx\r\n0\r\n\r\n", b"x", ["chunk-size-space"]),
    ("space before an extension", b"1 ;a\r\nx\r\n0\r\n\r\n", b"x", []),
    ("CR LF inside", b"4\r\n\r\n\r\n\r\n0\r\n\r\n", b"\r\n\r\n", []),
]
BROKEN = [
    b"zz\r\n",
    b"-1\r\n",
    b"\r\n",
    b"1\r\nxy\r\n",
    b"1\r\nx\rz",
    b"+5\r\nhello",
    b"0x5\r\nhello",
    b"f" * 17 + b"\r\n",
]


def fed(reader: ChunkReader, pieces: list[bytes]) -> tuple[bytes, int]:
    content = bytearray()
    taken = 0
    for piece in pieces:
        at = 0
        count, at = reader.feed(piece, 0, content)
        assert count <= len(piece)
        taken += at
        if reader.done or reader.broken:
            break
    return bytes(content), taken


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize(("body", "content", "marks"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_chunks_are_joined(body: bytes, content: bytes, marks: list[str], size: int) -> None:
    own, _, other = body.partition(b"|")
    data = own + other
    reader = ChunkReader(100)
    found = fed(reader, [data[at : at + size] for at in range(0, len(data), size)])
    assert found == (content, len(own))
    assert reader.done and not reader.broken
    assert reader.violations == marks


@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.parametrize("body", BROKEN)
def test_what_is_no_chunk_ends_it(body: bytes, size: int) -> None:
    reader = ChunkReader(100)
    fed(reader, [body[at : at + size] for at in range(0, len(body), size)])
    assert reader.broken and not reader.done
    assert "bad-chunk" in reader.violations


@pytest.mark.parametrize(
    ("body", "mark"), [(b"1;" + b"x" * 200, "long-chunk-line"), (b"0\r\n" + b"A: b\r\n" * 50, "long-trailers")]
)
def test_lines_are_bounded(body: bytes, mark: str) -> None:
    for pieces in ([body], [body[at : at + 1] for at in range(len(body))]):
        reader = ChunkReader(100)
        fed(reader, pieces)
        assert reader.broken
        assert reader.violations == [mark]


@given(st.binary(max_size=80), st.lists(st.integers(0, 80), max_size=4))
def test_any_bytes_in_any_cut_give_the_same(data: bytes, cuts: list[int]) -> None:
    places = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    whole, cut = ChunkReader(20), ChunkReader(20)
    assert fed(whole, [data]) == fed(cut, [data[a:b] for a, b in pairwise(places)])
    assert (whole.done, whole.broken, whole.left) == (cut.done, cut.broken, cut.left)


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=5))
def test_what_was_chunked_comes_back(parts: list[bytes]) -> None:
    data = b"".join(b"%X\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    assert fed(ChunkReader(100), [data]) == (b"".join(parts), len(data))
