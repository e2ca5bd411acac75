"""Codings are undone as their programs do them, within the bound, and never raise."""

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.http.coding import decode

try:
    from compression import zstd  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    from backports import zstd


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
BOUND = 100_000


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("size", [0, 1, 1000, BOUND])
def test_what_was_packed_comes_back(coding: str, size: int) -> None:
    data = (b"netviz " * size)[:size]
    assert decode(coding, PACKERS[coding](data), BOUND) == (data, "")
    assert decode(coding.upper(), PACKERS[coding](data), BOUND).content == data


@pytest.mark.parametrize("coding", PACKERS)
def test_a_bomb_stops_at_the_bound(coding: str) -> None:
    found = decode(coding, PACKERS[coding](bytes(50 * BOUND)), BOUND)
    assert found == (bytes(BOUND), "bomb")


@pytest.mark.parametrize("coding", PACKERS)
def test_what_ends_early_is_marked(coding: str) -> None:
    data = bytes(range(256)) * 200
    packed = PACKERS[coding](data)
    found = decode(coding, packed[:-9], BOUND)
    assert found.problem == "cut-short"
    assert data.startswith(found.content)


@pytest.mark.parametrize("coding", PACKERS)
def test_what_is_not_in_the_coding_is_marked(coding: str) -> None:
    assert decode(coding, b"\xff\xff plainly not packed", BOUND).problem == "bad-coding"


def test_deflate_without_its_wrapper() -> None:
    assert decode("deflate", raw_deflate(b"hello"), BOUND) == (b"hello", "")


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_several_members_are_one_content(coding: str) -> None:
    pack = PACKERS[coding]
    assert decode(coding, pack(b"one ") + pack(b"") + pack(b"two"), BOUND) == (b"one two", "")
    assert decode(coding, pack(b"one ") + pack(b"two")[:-2], BOUND).problem == "cut-short"
    assert decode(coding, pack(b"x") * 5000, BOUND).content == b"x" * 256


def test_bytes_behind_the_end_are_left_alone() -> None:
    assert decode("gzip", gzip.compress(b"one") + b"\0\0\0", BOUND) == (b"one", "")


def test_no_coding() -> None:
    assert decode("identity", b"x", BOUND) == (b"x", "")
    assert decode("rot13", b"x", BOUND) == (b"x", "unknown-coding")


@given(st.sampled_from([*PACKERS]), st.binary(max_size=200))
def test_any_bytes_never_raise(coding: str, data: bytes) -> None:
    assert len(decode(coding, data, 500).content) <= 500


@given(st.sampled_from([*PACKERS]), st.binary(max_size=300), st.integers(0, 300), st.integers(0, 255))
def test_a_changed_byte_never_raises(coding: str, data: bytes, at: int, value: int) -> None:
    packed = bytearray(PACKERS[coding](data))
    packed[at % len(packed)] = value
    assert len(decode(coding, bytes(packed), 500).content) <= 500
