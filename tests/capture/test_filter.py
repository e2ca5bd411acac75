"""Capture filters: programs for the kernel, and where a filter that is none goes wrong."""

import struct

import pytest

from netviz.capture.filter import compiled, error_at
from netviz.errors import BadArgument

try:
    compiled("tcp", 1)
except BadArgument as error:
    if error.key == "no-libpcap":
        pytest.skip("libpcap is not installed", allow_module_level=True)

_RETURN = 6


def returned(program: bytes) -> set[int]:
    return {k for code, _, _, k in struct.iter_unpack("HBBI", program) if code == _RETURN}


@pytest.mark.parametrize(
    "text",
    [
        "tcp port 80", "host 127.0.0.1 and (tcp port 80 or udp port 53)", "tcp[tcpflags] & tcp-syn != 0", "ip6",
        "ether host 00:11:22:33:44:55", "net 10.0.0.0/8 and not icmp", "portrange 1-1024", "vlan 5", "less 100",
        "host localhost", "port http",
    ],
)  # fmt: skip
def test_a_filter_compiles_and_keeps_whole_frames(text: str) -> None:
    assert returned(compiled(text, 1)) == {0, 0x40000}


@pytest.mark.parametrize("text, most", [("tcp", {0, 64}), ("", {64})])
def test_a_snaplen_is_what_the_program_returns(text: str, most: set[int]) -> None:
    assert returned(compiled(text, 1, 64)) == most


def test_nothing_asked_for_is_no_program() -> None:
    assert compiled("", 1) == compiled("  ", 1) == b""


@pytest.mark.parametrize(
    "text, word",
    [
        ("tcp prot 80", "prot"), ("tcp port and", "and"), ("port 80 udp", "udp"), ("tcp port 80 adn udp", "adn"),
        ("host 10.0.0.1 and (tcp port 80 or udp prt 53)", "prt"), ("net 10.0.0.0/8 and not icmp foo", "foo"),
        ("tcp[13 & 2 != 0", "!="), ("tcp port 99999", "99999"), (") tcp", ")"),
    ],
)  # fmt: skip
def test_an_error_points_at_the_word_that_can_not_stand_there(text: str, word: str) -> None:
    with pytest.raises(BadArgument) as caught:
        compiled(text, 1)
    assert caught.value.key == "bad-filter"
    assert caught.value.details["word"] == word
    line, signs = caught.value.marked()
    assert line == text and line[signs.index("^") : len(signs)] == word
    assert text[error_at(text, 1) :].startswith(word)


@pytest.mark.parametrize(
    "text", ["(tcp", "less 100 and", "portrange 1-", "ether host 00:11:22:33:44:55 and", "tcp and ("]
)
def test_a_filter_that_is_not_finished_says_so(text: str) -> None:
    with pytest.raises(BadArgument) as caught:
        compiled(text, 1)
    assert caught.value.key == "bad-filter-end"


def test_a_filter_that_nothing_passes_says_so() -> None:
    with pytest.raises(BadArgument) as caught:
        compiled("ip and ip6", 1)
    assert caught.value.key == "filter-never"


@pytest.mark.parametrize("text", ["host example.com", "tcp and host www.example.org", "gateway somewhere", "net a.b.c"])
def test_no_name_server_is_asked(text: str) -> None:
    with pytest.raises(BadArgument) as caught:
        compiled(text, 1)
    assert caught.value.key == "filter-name"
