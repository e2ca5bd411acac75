"""Compressed streams come out as they went in, whatever the pieces; cut or damaged ones as far as they go."""

import gzip
import random
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.capture.compression import Unpacker, compression_of

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SKIPPABLE = bytes.fromhex("502a4d1804000000") + b"skip"
PACK = {"gzip": lambda data: gzip.compress(data, 6), "zstd": zstd.compress}
KINDS = pytest.mark.parametrize("kind", PACK)


def unpacked(kind, stream, piece=None):
    unpacker = Unpacker(kind)
    size = piece or max(len(stream), 1)
    out = b"".join(block for at in range(0, len(stream), size) for block in unpacker.feed(stream[at : at + size]))
    return out, unpacker


def noise(size, seed=1):
    return random.Random(seed).randbytes(size)


@pytest.mark.parametrize("head, kind", [
    (gzip.compress(b"", mtime=0), "gzip"), (zstd.compress(b""), "zstd"), (SKIPPABLE, "zstd"), (b"\x5f\x2a\x4d\x18", "zstd"),
    (b"\x60\x2a\x4d\x18", ""), (b"\x0a\x0d\x0d\x0a", ""), (b"PK\x03\x04", ""), (b"\x1f", ""), (b"", ""),
])  # fmt: skip
def test_kinds_by_their_first_bytes(head, kind):
    assert compression_of(head) == kind


@KINDS
@pytest.mark.parametrize("piece", [None, 1, 7, 100_000])
@pytest.mark.parametrize("data", [b"", b"abc", noise(300_000), bytes(5_000_000)], ids=["none", "few", "noise", "zeros"])
def test_a_stream_in_pieces_of_any_size(kind, data, piece):
    stream = PACK[kind](data)
    if piece == 1:
        stream, data = PACK[kind](data[:3000]), data[:3000]
    out, unpacker = unpacked(kind, stream, piece)
    assert out == data
    assert unpacker.whole


@KINDS
@pytest.mark.parametrize("piece", [None, 1])
def test_members_one_after_another(kind, piece):
    out, unpacker = unpacked(kind, PACK[kind](b"one ") + PACK[kind](b"") + PACK[kind](b"two"), piece)
    assert (out, unpacker.whole) == (b"one two", True)


def test_zstd_frames_to_be_skipped():
    out, unpacker = unpacked("zstd", SKIPPABLE + zstd.compress(b"data") + SKIPPABLE)
    assert (out, unpacker.whole) == (b"data", True)


@KINDS
def test_blocks_are_bounded_whatever_they_unpack_to(kind):
    blocks = list(Unpacker(kind).feed(PACK[kind](bytes(30_000_000))))
    assert sum(map(len, blocks)) == 30_000_000
    assert max(map(len, blocks)) <= 1 << 20


@KINDS
def test_a_stream_cut_anywhere_gives_a_beginning_and_is_not_whole(kind):
    data = noise(2_000)
    stream = PACK[kind](data)
    for cut in range(1, len(stream)):
        out, unpacker = unpacked(kind, stream[:cut])
        assert data.startswith(out) and not unpacker.whole
    assert unpacked("gzip", gzip.compress(data)[:-1])[0] == data, "all is there but the length at the end"


def test_damage_in_gzip_loses_nothing_before_it():
    data = noise(50_000)
    stream = bytearray(gzip.compress(data, 0))
    stream[-8] ^= 1
    out, unpacker = unpacked("gzip", bytes(stream))
    assert out == data, "only the checksum is wrong"
    assert not unpacker.whole and unpacker.stopped


@KINDS
@pytest.mark.parametrize("tail", [bytes(512), b"this is no member"])
def test_padding_after_the_last_member_is_no_damage(kind, tail):
    out, unpacker = unpacked(kind, PACK[kind](b"data") + tail)
    assert (out, unpacker.whole, unpacker.stopped) == (b"data", True, True)


def test_a_second_member_that_is_damaged_is_damage():
    second = bytearray(gzip.compress(noise(100_000)))
    second[70_000] ^= 0xFF
    second[-6] ^= 0xFF
    out, unpacker = unpacked("gzip", gzip.compress(b"one") + bytes(second), 1000)
    assert out.startswith(b"one" + noise(100_000)[:60_000]) and not unpacker.whole


@KINDS
@given(tail=st.binary(max_size=60))
def test_any_bytes_after_a_beginning_never_raise(kind, tail):
    head = {"gzip": b"\x1f\x8b\x08\0\0\0\0\0\0\0", "zstd": zstd.compress(b"x")[:6]}[kind]
    unpacked(kind, head + tail)
    unpacked(kind, head + tail, 1)


@KINDS
@given(data=st.data())
def test_a_changed_byte_never_raises(kind, data):
    stream = bytearray(PACK[kind](noise(300) + bytes(300)))
    stream[data.draw(st.integers(4, len(stream) - 1))] ^= data.draw(st.integers(1, 255))
    unpacked(kind, bytes(stream))


@KINDS
def test_a_bomb_is_unpacked_no_further_than_asked(kind):
    feed = Unpacker(kind).feed(PACK[kind](bytes(20 << 20)))
    assert len(next(feed)) <= 1 << 20
