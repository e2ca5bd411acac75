"""What a search finds in a capture."""

import pytest

from netviz.capture.opening import open_capture
from netviz.cli.shipped import shipped
from netviz.filter.fault import FilterError
from netviz.filter.needle import Query
from netviz.filter.search import Search, checked
from netviz.model.evidence import Span
from netviz.pipeline.analyzer import analyze


@pytest.fixture(scope="module")
def store():
    return analyze(open_capture(str(shipped("http-keep-alive.pcap"))))


@pytest.mark.parametrize(
    "query",
    [
        Query("list", "GET /"),
        Query("list", "^[0-9]+ .*GET /", True),
        Query("text", "get / http"),
        Query("hex", "47 45 54 20 2f"),
        Query("filter", 'http.request.method == "GET"'),
        Query("fields", "http.request.method"),
    ],
)
def test_requests_are_found_in_every_way(store, query):
    wanted = Search(Query("filter", 'http.request.method == "GET"'), store).rows(0, len(store.packets))
    found = Search(query, store).rows(0, len(store.packets))
    assert wanted and set(wanted) >= set(found)
    assert query.kind == "text" or found == wanted


def test_bodies_are_searched_decoded(store):
    by_body = [
        store.body(exchange.response, exchange.connection)
        for exchange in store.exchanges
        if exchange.response is not None and exchange.response.body_end > exchange.response.body_start
    ]
    coded = next(body for body in by_body if body.coding == "gzip")
    word = coded.content[10:22].decode()
    found = Search(Query("body", word), store).bodies(0, len(store.exchanges))
    assert found and all(word.encode() not in store.packets.frame(row) for row in range(len(store.packets)))


def test_what_is_gone_to_is_lit(store):
    row = Search(Query("text", "GET /"), store).rows(0, len(store.packets))[0]
    at = store.packets.frame(row).index(b"GET /")
    assert Search(Query("text", "GET /"), store).span(row) == Span(at, at + 5)
    assert Search(Query("hex", "4745"), store).span(row) == Span(at, at + 2)
    assert Search(Query("fields", "http.request.method"), store).span(row) == Span(at, at + 3)
    assert Search(Query("filter", "http"), store).span(row) is None


def test_names_in_the_users_language_are_found(store):
    search = Search(Query("fields", "나의 이름"), store, lambda part: "나의 이름")
    assert search.rows(0, 2) == [0, 1]


def test_a_query_is_checked():
    checked(Query("filter", "tcp.port == 80"))
    with pytest.raises(FilterError):
        checked(Query("filter", "tcp.prot == 80"))
