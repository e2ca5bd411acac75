"""Times as text, in tshark's forms."""

import time

import numpy as np
import pytest

from netviz.model.frames import FrameBatch
from netviz.model.packets import PacketTable
from netviz.pipeline.times import LETTERS, previous_in_conversation, time_text

START = 1_795_534_113


@pytest.fixture(autouse=True)
def zone(monkeypatch):
    monkeypatch.setenv("TZ", "KST-9")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def table(flows, seconds):
    packets, count = PacketTable(), len(flows)
    zeros = np.zeros(count, np.int64)
    times = np.array([int((START + each) * 1e9) if each < 1e6 else int(each) for each in seconds], np.int64)
    small, kinds = zeros.astype(np.int32), np.ones(count, np.uint16)
    packets.append(FrameBatch(b"", zeros, small, small, times, kinds, kinds), {"flow": np.array(flows)})
    return packets


@pytest.mark.parametrize(
    ("letter", "text"),
    [
        ("r", "3.500000"),
        ("d", "2.500000"),
        ("dd", "3.500000"),
        ("c", "3.500000"),
        ("a", "00:28:36.500000"),
        ("ad", "2026-11-25 00:28:36.500000"),
        ("u", "15:28:36.500000"),
        ("ud", "2026-11-24 15:28:36.500000"),
        ("e", "1795534116.500000"),
    ],
)
def test_each_form(letter, text):
    assert time_text(table([0, 1, 0], [0, 1, 3.5]), 2, LETTERS[letter], shown_before=0) == text


def test_the_first_has_waited_for_none():
    packets = table([0, -1], [0, 1])
    assert {time_text(packets, 0, LETTERS[letter]) for letter in ("r", "d", "dd", "c")} == {"0.000000"}
    assert time_text(packets, 1, "conversation") == "0.000000"


def test_a_time_beyond_all_calendars_is_seconds():
    packets = table([0], [0])
    packets["time"][0] = np.iinfo(np.int64).max
    assert "." in time_text(packets, 0, "date")


def test_the_packet_before_in_a_conversation_is_found_however_far_back():
    flows = [7, *[1] * 120_000, 7]
    packets = table(flows, [0] * len(flows))
    assert previous_in_conversation(packets, len(flows) - 1) == 0
    assert previous_in_conversation(packets, 0) is None
    assert previous_in_conversation(packets, 5) == 4
