"""Fields that end with the hop."""

from collections.abc import Callable

from netviz.http.exchange import Head
from netviz.http.hops import hops


def test_hop_by_hop_fields_and_those_that_connection_names(head_of: Callable[[bytes], Head]) -> None:
    head = head_of(
        b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close, X-Mine\r\nX-Mine: 1\r\nTE: trailers\r\nX-Other: 1\r\n\r\n"
    )
    assert hops(head) == [False, True, True, True, False]
