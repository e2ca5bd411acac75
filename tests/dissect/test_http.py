"""HTTP text in one segment: every part with its bytes, whatever is missing."""

from types import SimpleNamespace

import pytest

POST = (
    b"POST /api/items?q=1 HTTP/1.1\r\nHost: api.example\r\n"
    b"Origin:  https://site.example \r\nContent-Length: 4\r\n\r\nbody"
)


def parts(look: SimpleNamespace, found: object) -> list[tuple[str, str]]:
    return [(each.key, each.value) for each in found.layers[-1].fields]  # type: ignore[attr-defined]


def test_a_request_in_its_parts(build: SimpleNamespace, look: SimpleNamespace) -> None:
    frame = build.ipv4(build.tcp(POST))
    found = look.dissect(frame, 101)
    layer = found.layers[-1]
    assert (tuple(layer.header), tuple(layer.payload)) == ((40, 40 + len(POST) - 4), (40 + len(POST) - 4, len(frame)))
    for key, text in (
        ("http.request.method", b"POST"),
        ("http.request.uri", b"/api/items?q=1"),
        ("http.request.version", b"HTTP/1.1"),
        ("http.head_end", b"\r\n"),
        ("http.file_data", b"body"),
    ):
        span = look.field(found, key).span
        assert frame[span.start : span.end] == text
    origin = look.field(found, "http.header", 1)
    assert (origin.label, origin.value) == ("Origin", "https://site.example")
    value = origin.children[1].span
    assert frame[value.start : value.end] == b"https://site.example"


def test_a_response_in_its_parts(build: SimpleNamespace, look: SimpleNamespace) -> None:
    frame = build.ipv4(build.tcp(b"HTTP/1.1 404 Not Found\r\nA: b\r\n\r\n"))
    found = look.dissect(frame, 101)
    spans = {
        key: look.field(found, key).span
        for key in ("http.response.version", "http.response.code", "http.response.phrase")
    }
    assert [frame[span.start : span.end] for span in spans.values()] == [b"HTTP/1.1", b"404", b"Not Found"]


def test_pipelined_requests_are_one_layer_without_a_split(build: SimpleNamespace, look: SimpleNamespace) -> None:
    two = b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
    found = look.dissect(build.ipv4(build.tcp(two)), 101)
    assert [each.value for each in look.fields(found) if each.key == "http.request.uri"] == ["/1", "/2"]
    assert found.layers[-1].payload == (len(two) + 40, len(two) + 40)


def test_a_body_that_looks_like_a_request_stays_a_body(build: SimpleNamespace, look: SimpleNamespace) -> None:
    inner = b"GET /inner HTTP/1.1\r\n\r\n"
    outer = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(inner) + inner
    found = look.dissect(build.ipv4(build.tcp(outer)), 101)
    assert [each.value for each in look.fields(found) if each.key == "http.request.uri"] == ["/"]
    assert look.field(found, "http.file_data").span.end - look.field(found, "http.file_data").span.start == len(inner)


def test_chunks_and_trailers(build: SimpleNamespace, look: SimpleNamespace) -> None:
    message = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\n5;x=y\r\npedia\r\n0\r\nE: f\r\n\r\n"
    frame = build.ipv4(build.tcp(message))
    found = look.dissect(frame, 101)
    data = [each.span for each in look.fields(found) if each.key == "http.chunk_data"]
    assert [frame[span.start : span.end] for span in data] == [b"Wiki", b"pedia"]
    assert [each.label for each in look.fields(found) if each.key == "http.header"] == ["Transfer-Encoding", "E"]
    assert look.field(found, "http.chunk_end").span == (len(frame) - 2, len(frame))


@pytest.mark.parametrize("cut", range(1, len(POST)))
def test_a_message_cut_anywhere_is_http_as_far_as_it_goes(
    build: SimpleNamespace, look: SimpleNamespace, cut: int
) -> None:
    found = look.dissect(build.ipv4(build.tcp(POST[:cut])), 101)
    assert found.broken is None
    if cut > len("POST "):
        layer = found.layers[-1]
        assert layer.protocol == "HTTP"
        assert layer.fields[-1].span.end == 40 + cut


@pytest.mark.parametrize(
    "first", [b"BREW /pot HTTP/1.1\r\n\r\n", b"GET /old\r\n", b"HTTP/1.0 200\r\n\r\n", b"OPTIONS * HTTP/1.1\r\n\r\n"]
)
def test_what_is_http_by_its_bytes(build: SimpleNamespace, look: SimpleNamespace, first: bytes) -> None:
    assert look.dissect(build.ipv4(build.tcp(first, ports=(1, 9999))), 101).layers[-1].protocol == "HTTP"


@pytest.mark.parametrize("first", [b"GETTING started", b"HTTPS", b"BREW /pot", b"get / HTTP/2.0\r\n\r\n", b"\x16\x03"])
def test_what_is_not(build: SimpleNamespace, look: SimpleNamespace, first: bytes) -> None:
    assert look.dissect(build.ipv4(build.tcp(first, ports=(1, 80))), 101).layers[-1].protocol == "Data"


def test_odd_lines_are_shown_whole(build: SimpleNamespace, look: SimpleNamespace) -> None:
    text = b"GET / HTTP/1.1\r\nno colon here\r\nA: b\r\n folded\r\n: empty name\r\nB:\r\n\r\n"
    found = look.dissect(build.ipv4(build.tcp(text)), 101)
    headers = [each for each in look.fields(found) if each.key == "http.header"]
    assert [each.label for each in headers] == ["Line", "A", "Continued line", "Header", "B"]
    assert headers[4].children[0].value == "B"
    assert len(headers[4].children) == 1


def test_escape_sequences_become_visible(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv4(build.tcp(b"GET /\x1b]0;pwned\x07 HTTP/1.1\r\nA\x1b: \x1b[31m\r\n\r\n")), 101)
    assert all(each.value.isprintable() and each.label.isprintable() for each in look.fields(found))
    assert "\u241b" in look.field(found, "http.request.uri").value


def test_more_headers_than_are_listed(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv4(build.tcp(b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 5000), total=0), 101)
    assert found.broken is None
    assert len(look.fields(found)) < 4000
    assert look.field(found, "http.unread").span.end == found.captured
