"""A capture is known by its first bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.capture.recognition import recognised
from netviz.errors import UnreadableCapture
from netviz.explain.words import has
from netviz.model.frames import CaptureInfo
from netviz.model.limits import DEFAULT_LIMITS

KEYS = {"not-a-capture", "empty-file", "empty-pipe", "header-cut", "unsupported-version"}


def test_a_file_and_a_pipe_are_empty_in_their_own_words():
    for size, key in ((0, "empty-file"), (None, "empty-pipe")):
        with pytest.raises(UnreadableCapture) as refused:
            recognised(b"", CaptureInfo("x", size=size), DEFAULT_LIMITS)
        assert refused.value.key == key


def test_a_pcapng_header_of_no_byte_order_is_no_capture():
    with pytest.raises(UnreadableCapture) as refused:
        recognised(b"\n\r\r\n" + bytes(24), CaptureInfo("x", size=28), DEFAULT_LIMITS)
    assert refused.value.key == "not-a-capture"


def test_the_first_bytes_are_shown():
    with pytest.raises(UnreadableCapture) as refused:
        recognised(b"GIF89a" + bytes(100), CaptureInfo("x", size=106), DEFAULT_LIMITS)
    assert refused.value.details["bytes"] == "47 49 46 38 39 61 00 00 00 00 00 00"


@given(magic=st.sampled_from([b"", b"\xd4\xc3\xb2\xa1", b"\n\r\r\n", b"\x1c\x00\x01\xac"]), rest=st.binary(max_size=30))
def test_any_bytes_are_recognised_or_refused_with_a_sentence(magic, rest):
    info = CaptureInfo("x", size=1)
    try:
        walk = recognised((magic + rest)[:28], info, DEFAULT_LIMITS)
    except UnreadableCapture as refused:
        assert refused.key in KEYS and has(f"error.{refused.key}")
    else:
        assert info.format in ("pcap", "pcapng") and not walk.ended
