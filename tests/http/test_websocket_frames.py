"""Frames: what is read is what was written, however the bytes are cut; what is wrong is named and read on."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.http.websocket import Deflate
from netviz.http.websocket_frames import Frame, FrameReader, Frames, Run, unmasked
from netviz.http.websocket_messages import SocketMessage, messages_of
from netviz.model.limits import LimitCounter, Limits

KEY = bytes.fromhex("37fa213d")
HELLO = bytes.fromhex("818537fa213d7f9f4d5158")
"""RFC 6455 5.7: a masked `Hello`."""


def written(opcode: int, payload: bytes, fin: bool = True, rsv: int = 0, mask: bytes = KEY, bits: int = 0) -> bytes:
    """A frame; `bits` 16 or 64 asks for a longer length than is due."""
    size = len(payload)
    bits = bits or (7 if size < 126 else 16 if size < 1 << 16 else 64)
    short = {7: size, 16: 126, 64: 127}[bits]
    length = b"" if bits == 7 else size.to_bytes(bits // 8, "big")
    first = bytes([(fin << 7) | rsv << 4 | opcode, short | (0x80 if mask else 0)])
    return first + length + mask + unmasked(payload, mask)


def read(data: bytes, cut: int = 0, from_client: bool = True, most: int = 1000, most_bytes: int = 1 << 20) -> Frames:
    """Frames from bytes in runs of `cut` (0: in one), a row each; the stream begins at offset 100."""
    size = cut or max(len(data), 1)
    runs = [Run(100 + at, at // size, data[at : at + size]) for at in range(0, len(data), size)]
    return FrameReader(100, from_client, most, most_bytes).read(runs)


def facts(frame: Frame) -> tuple[object, ...]:
    return (frame.start, frame.header, frame.fin, frame.rsv, frame.opcode, frame.mask, frame.length, frame.bits, frame.seen,
            frame.payload, tuple(frame.violations))  # fmt: skip


@pytest.mark.parametrize(
    ("data", "opcode", "payload", "bits"),
    [
        (HELLO, 1, b"Hello", 7),
        (written(2, b"x" * 125), 2, b"x" * 125, 7),
        (written(2, b"x" * 126), 2, b"x" * 126, 16),
        (written(2, b"x" * 65535), 2, b"x" * 65535, 16),
        (written(2, b"x" * 65536), 2, b"x" * 65536, 64),
        (written(9, b""), 9, b"", 7),
    ],
)
def test_lengths_and_masks(data: bytes, opcode: int, payload: bytes, bits: int) -> None:
    (frame,) = read(data).frames
    assert (frame.opcode, frame.payload, frame.bits, frame.mask) == (opcode, payload, bits, KEY)
    assert frame.complete and frame.fin and not frame.violations


FRAME = st.builds(
    written, st.integers(0, 15), st.binary(max_size=300), st.booleans(), st.integers(0, 7),
    st.sampled_from((b"", KEY, b"\0\0\0\0")), st.sampled_from((0, 64)),
)  # fmt: skip


@given(st.lists(FRAME, max_size=8), st.integers(1, 40), st.booleans())
def test_any_cut_gives_the_same_frames(frames: list[bytes], cut: int, from_client: bool) -> None:
    data = b"".join(frames)
    whole, cut_up = read(data, 0, from_client), read(data, cut, from_client)
    assert [facts(each) for each in whole.frames] == [facts(each) for each in cut_up.frames]
    assert (
        b"".join(
            data[each.start - 100 : each.start - 100 + len(frame)]
            for each, frame in zip(whole.frames, frames, strict=True)
        )
        == data
    )
    for each in cut_up.frames:
        assert each.first_row <= each.head_row <= each.last_row


@given(st.binary(max_size=200), st.booleans(), st.integers(1, 20))
def test_any_bytes_never_raise(data: bytes, from_client: bool, cut: int) -> None:
    found = read(data, cut, from_client)
    messages_of(found.frames, from_client, Deflate(), Limits(), LimitCounter())
    assert sum(each.header + each.seen for each in found.frames) <= len(data)


@pytest.mark.parametrize("gap", range(1, 30))
def test_a_gap_at_every_offset_loses_no_more_than_it_must(gap: int) -> None:
    """Three frames of 5 + 20 + 5 bytes of payload; 3 bytes are missing from `gap` on."""
    data = written(1, b"first") + written(2, b"b" * 20) + written(1, b"third")
    runs = [Run(100, 0, data[:gap]), Run(100 + gap + 3, 1, data[gap + 3 :])]
    found = FrameReader(100, True, 1000, 1 << 20).read(runs)
    starts = [100, 111, 137]
    for frame in found.frames:
        assert frame.start in starts
        if not frame.missing and frame.complete:
            assert frame.payload in (b"first", b"b" * 20, b"third")
    inside = (gap >= 6 and gap + 3 <= 11) or (gap >= 17 and gap + 3 <= 37)
    assert (found.lost_at is None) == inside
    assert [frame.start for frame in found.frames] == (starts if inside else starts[: len(found.frames)])


@pytest.mark.parametrize(
    ("data", "from_client", "violations"),
    [
        (written(1, b"a", mask=b""), True, ["unmasked"]),
        (written(1, b"a"), False, ["masked"]),
        (written(3, b""), True, ["opcode"]),
        (written(2, b"abc", bits=16), True, ["length-not-short"]),
        (written(2, b"abc", bits=64), True, ["length-not-short"]),
        (written(9, b"x" * 126), True, ["control-long"]),
        (written(9, b"", fin=False), True, ["control-fragmented"]),
        (written(8, b"x"), True, ["close-short"]),
        (written(8, (1005).to_bytes(2, "big")), True, ["close-code"]),
        (written(8, (999).to_bytes(2, "big")), True, ["close-code"]),
        (written(8, (1000).to_bytes(2, "big") + b"\xff"), True, ["close-reason"]),
        (written(8, b""), True, []),
        (written(8, (4000).to_bytes(2, "big") + b"ok"), True, []),
        (bytes([0x82, 0xFF]) + b"\xff" * 8 + KEY, True, ["length-sign"]),
    ],
)
def test_what_is_wrong_with_a_frame(data: bytes, from_client: bool, violations: list[str]) -> None:
    (frame,) = read(data, 0, from_client).frames
    assert frame.violations == violations


def test_nothing_is_kept_beyond_the_bounds() -> None:
    data = written(2, b"a" * 50) * 4
    found = read(data, most=3)
    assert (len(found.frames), found.stopped) == (3, True)
    kept = read(data, most_bytes=70).frames
    assert [len(each.payload) for each in kept] == [50, 20, 0, 0]
    assert [each.is_kept for each in kept] == [True, False, False, False] and all(each.complete for each in kept)
    assert [each.problem for each in together(kept)] == ["", "long", "long", "long"]


def together(
    frames: list[Frame],
    deflate: Deflate | None = None,
    limits: Limits | None = None,
    counter: LimitCounter | None = None,
) -> list[SocketMessage]:
    return messages_of(frames, True, deflate, limits or Limits(), counter or LimitCounter())


def test_fragments_with_a_ping_between_them_are_one_message() -> None:
    data = written(1, b"\xed\x95", fin=False) + written(9, b"?") + written(0, b"\x9c ", fin=False) + written(0, b"ok")
    text, ping = together(read(data).frames)
    assert (text.text, len(text.frames), ping.content) == ("한 ok", 3, b"?")


@pytest.mark.parametrize(
    ("data", "violations"),
    [
        (written(0, b"x"), [["continuation-alone"]]),
        (written(1, b"x", fin=False) + written(1, b"y"), [[], ["message-inside"]]),
        (written(1, b"\xff"), [["not-utf-8"]]),
        (written(2, b"\xff"), [[]]),
        (written(8, b"") + written(1, b"x"), [[], ["after-close"]]),
        (written(1, b"x", rsv=4), [["reserved-bits"]]),
    ],
)
def test_what_is_wrong_with_the_order(data: bytes, violations: list[list[str]]) -> None:
    frames = read(data).frames
    together(frames)
    assert [each.violations for each in frames] == violations


@pytest.mark.parametrize(
    ("data", "problem"),
    [(written(1, b"x", fin=False), "open"), (written(1, b"hello")[:-2], "open"), (written(1, b"whole"), "")],
)
def test_what_is_not_whole_has_no_content(data: bytes, problem: str) -> None:
    (message,) = together(read(data).frames)
    assert message.problem == problem and (message.content is None) == bool(problem)


def deflated(*texts: bytes, anew: bool = False) -> list[bytes]:
    packer, found = zlib.compressobj(wbits=-15), []
    for text in texts:
        packer = zlib.compressobj(wbits=-15) if anew else packer
        found.append((packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH)).removesuffix(b"\0\0\xff\xff"))
    return found


@pytest.mark.parametrize("anew", [False, True])
def test_compressed_messages_refer_to_those_before(anew: bool) -> None:
    parts = deflated(b"green tea " * 9, b"green tea " * 9, anew=anew)
    data = b"".join(written(1, part, rsv=4) for part in parts)
    found = together(read(data).frames, Deflate(client_anew=anew))
    assert [each.text for each in found] == ["green tea " * 9] * 2
    assert anew or len(parts[1]) < len(parts[0])


@pytest.mark.parametrize(("anew", "problems"), [(False, ["gap", "context", "context"]), (True, ["gap", "", ""])])
def test_after_a_message_that_is_lost_those_that_refer_to_it_are_not_told(anew: bool, problems: list[str]) -> None:
    parts = deflated(b"green tea " * 9, b"green tea " * 9, b"black tea", anew=anew)
    frames = read(b"".join(written(1, part, rsv=4) for part in parts)).frames
    frames[0].missing = 1
    assert [each.problem for each in together(frames, Deflate(client_anew=anew))] == problems


def test_a_bomb_is_refused_and_counted() -> None:
    (bomb,) = deflated(b"\0" * 1_000_000)
    counter = LimitCounter()
    (message,) = together(read(written(2, bomb, rsv=4)).frames, Deflate(), Limits(body_decoded_bytes=10_000), counter)
    assert (message.content, message.problem) == (None, "bomb")
    assert counter.counts["body_decoded_bytes"] == 1


def test_what_is_no_deflate_says_so() -> None:
    (message,) = together(read(written(1, b"\xff\xff\xff\xff", rsv=4)).frames, Deflate())
    assert message.problem == "bad-coding"
