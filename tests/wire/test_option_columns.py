"""Options of many segments at once, held against the reader of one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from netviz.model.packets import PacketTable
from netviz.wire.option_columns import option_columns, window_scales
from netviz.wire.options import tcp_options

SACK = bytes.fromhex("0101050a0000000100000003")
TIMES = bytes.fromhex("0101080a0000000700000009")


class Table(PacketTable):
    """A table of segments that are nothing but 20 bytes and options."""

    def __init__(self, options: list[bytes]) -> None:
        super().__init__()
        buffer = b"".join(bytes(20) + option for option in options)
        sizes = np.array([20 + len(option) for option in options], np.int64)
        self.buffers.append(buffer)
        self.columns = {
            "transport_offset": np.zeros(len(options), np.int32),
            "payload_offset": sizes.astype(np.int32),
            "captured": sizes.astype(np.int32),
            "buffer": np.zeros(len(options), np.int32),
            "offset": np.cumsum(sizes) - sizes,
        }

    def __getitem__(self, name):
        return self.columns[name]

    def value(self, name, row):
        return int(self.columns[name][row])


def read(options: list[bytes]):
    return option_columns(Table(options), np.arange(len(options)))


def test_blocks_and_clocks_stand_beside_their_segments():
    found = read([b"", SACK, TIMES, TIMES + SACK, b"\x02\x04\x05\xb4" + SACK])
    assert found.timestamp.tolist() == [-1, -1, 7, 7, -1]
    assert found.echo.tolist() == [-1, -1, 9, 9, -1]
    assert found.sack.tolist() == [[1, 1, 3], [3, 1, 3], [4, 1, 3]]


def test_what_was_reassembled_is_read_there():
    table = Table([b"", TIMES])
    table.reassembled[1] = bytes(20) + SACK
    assert option_columns(table, np.arange(2)).sack.tolist() == [[1, 1, 3]]


def test_nothing_is_read_of_nothing():
    assert read([]).sack.shape == (0, 3)


PIECES = st.sampled_from([SACK, TIMES, b"\x01", b"\x00", b"\x04\x02", b"\x05\x12" + bytes(range(16)), b"\x05\x02"])
LISTS = st.lists(PIECES | st.binary(max_size=4), max_size=6).map(lambda parts: b"".join(parts)[:40])


@given(st.lists(LISTS | st.sampled_from([b"\x03\x03\x07", b"\x01\x03\x03\xff", b"\x03\x04\x07\x07"]), max_size=5))
def test_every_scale_reads_as_it_does_alone(options: list[bytes]) -> None:
    alone = [tcp_options(option).window_scale for option in options]
    found = window_scales(Table(options), np.arange(len(options))).tolist()
    assert found == [-1 if scale is None else scale for scale in alone]


@given(st.lists(LISTS, max_size=5))
def test_every_list_reads_as_it_does_alone(options: list[bytes]) -> None:
    found = read(options)
    for index, option in enumerate(options):
        alone = tcp_options(option)
        blocks = found.sack[found.sack[:, 0] == index, 1:].tolist()
        assert (
            blocks[-len(alone.sack_blocks) :] == [list(block) for block in alone.sack_blocks] or not alone.sack_blocks
        )
        if alone.timestamps is not None:
            assert (found.timestamp[index], found.echo[index]) == alone.timestamps
