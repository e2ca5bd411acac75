"""Heads that come in parts, or untidy, or behind the rest of something else."""

from netviz.http.unfinished import Progress, UnfinishedHead

HEAD = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"


def test_it_is_complete_with_its_empty_line_and_takes_no_more() -> None:
    head = UnfinishedHead(0, 100)
    assert head.add(3, HEAD[:20], 70) == (Progress.MORE, 20)
    assert head.line is not None and head.line.method == "GET"
    assert head.add(5, HEAD[20:] + b"body", 90) == (Progress.COMPLETE, len(HEAD) - 20)
    assert head.rows == (3, 5)
    assert [tuple(piece) for piece in head.pieces] == [(3, 70, 90), (5, 90, 90 + len(HEAD) - 20)]
    assert head.fields() == b"\r\nHost: h"


def test_fields_without_an_end_are_those_that_are_whole() -> None:
    for text, fields in (
        (b"GET / HTTP/1.1\r\nA: b\r\nC: d\r\n", b"\r\nA: b\r\nC: d"),
        (b"GET / HTTP/1.1\r\nA: b\r\nC: ", b"\r\nA: b"),
        (b"GET / HTTP/1.1\r\nA", b""),
        (b"GET / HTTP/1.1\nA: b\nC: d\n\n", b"\nA: b\nC: d"),
        (b"GET / HTTP/1.1\r\n\r\n", b""),
    ):
        head = UnfinishedHead(0, 100)
        head.add(0, text, 0)
        assert head.fields() == fields


def test_what_came_before_in_an_earlier_packet_is_let_go() -> None:
    head = UnfinishedHead(1000, 100)
    assert head.add(1, b"rest", 50)[0] is Progress.MORE
    assert head.add(2, b"\r\n" + HEAD, 60)[0] is Progress.COMPLETE
    assert head.start == 1006
    assert [tuple(piece) for piece in head.pieces] == [(2, 62, 62 + len(HEAD))]


def test_it_never_grows_past_its_bound() -> None:
    head = UnfinishedHead(0, 50)
    assert head.add(0, b"GET / HTTP/1.1\r\nX: " + b"x" * 500, 0) == (Progress.TOO_LONG, 51)
    assert len(head.text) == 51
    assert UnfinishedHead(0, 50).add(0, b"GET /" + b"x" * 500, 0)[0] is Progress.NO_HEAD
