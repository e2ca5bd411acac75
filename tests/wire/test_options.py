"""TCP options: a table, and any bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.wire.options import SackBlock, TcpOptions, tcp_options


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", TcpOptions()),
        ("020405b4", TcpOptions(mss=1460)),
        ("020405b4 0402 080a 00000001 00000002 01 030307",
         TcpOptions(1460, 7, True, (), (1, 2))),
        ("0303ff", TcpOptions(window_scale=14)),
        ("0101 050a 00000001 00000003", TcpOptions(sack_blocks=(SackBlock(1, 3),))),
        ("0512 00000001 00000003 00000008 ffffffff",
         TcpOptions(sack_blocks=(SackBlock(1, 3), SackBlock(8, 0xFFFFFFFF)))),
        ("0402 00 020405b4", TcpOptions(sack_permitted=True)),
        ("fe0412ab 0402", TcpOptions(sack_permitted=True)),
        ("0402 02", TcpOptions(sack_permitted=True, broken=True)),
        ("0402 0204", TcpOptions(sack_permitted=True, broken=True)),
        ("0200 05b4", TcpOptions(broken=True)),
        ("0201 05b4", TcpOptions(broken=True)),
        ("0203 05 0402", TcpOptions(sack_permitted=True)),
        ("0509 0000000100000003", TcpOptions(broken=True)),
        ("2206 61626364", TcpOptions(fast_open_cookie=b"abcd")),
        ("2202", TcpOptions(fast_open_cookie=b"")),
        ("01" * 40 + "0402", TcpOptions()),
    ],
)  # fmt: skip
def test_options(options: str, expected: TcpOptions) -> None:
    assert tcp_options(bytes.fromhex(options)) == expected


@given(st.binary(max_size=60))
def test_any_bytes_are_taken(options: bytes) -> None:
    found = tcp_options(options)
    assert len(found.sack_blocks) <= 4
    assert found.window_scale is None or 0 <= found.window_scale <= 14
