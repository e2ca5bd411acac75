"""What a server has to allow, taken from packets that may hold anything; and its configurations."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.cors.advice.wanted import Wanted, is_mendable, is_plain_origin, wanted
from netviz.explain.snippets import SERVERS, snippet, warnings
from netviz.explain.words import LANGUAGES

from ..conftest import PAGE, Traffic

API = "http://api.test/t"
PUT = ("Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: content-type,x-a")


def wishes(traffic: Traffic) -> list[Wanted]:
    """Of all fetches that headers would mend."""
    found = [fetch for fetch in traffic.fetches() if is_mendable(fetch)]
    return wanted((fetch, [traffic.exchanges[number - 1] for number in fetch.exchanges]) for fetch in found)


def test_all_that_a_preflight_asks(traffic: Traffic) -> None:
    traffic.swap("OPTIONS", API, f"Origin: {PAGE}", *PUT, status=204, says=("Access-Control-Allow-Headers: X-B",))
    (found,) = wishes(traffic)
    assert found.origins == (PAGE,)
    assert found.methods == ("GET", "HEAD", "POST", "PUT")
    assert found.headers == ("x-b", "content-type", "x-a")
    assert not found.credentials


def test_fetches_of_one_server_are_mended_together(traffic: Traffic) -> None:
    for page in (PAGE, "http://www.test"):
        traffic.swap("GET", API, f"Origin: {page}", "Cookie: a=b")
    (found,) = wishes(traffic)
    assert found.origins == (PAGE, "http://www.test")
    assert found.credentials and {"credentials", "insecure"} <= set(found.dangers)


def test_null_is_not_allowed_for_the_asking(traffic: Traffic) -> None:
    traffic.swap("GET", API, "Origin: null", "Sec-Fetch-Mode: cors")
    (found,) = wishes(traffic)
    assert (found.origins, found.left_out) == ((), 0)
    for server in SERVERS:
        text = snippet(found, server, "en")
        assert "DANGER" in text and "Access-Control" not in text and "add_header" not in text


@pytest.mark.parametrize(
    "origin",
    ["http://a.test$(reboot)", 'http://a.test"', "http://a.test;", "http://a test", "http://a.test/", "ftp://a.test",
     "http://a.test\\", "http://ü.test", "http://a.test:99999", "null", "", "http://"],
)  # fmt: skip
def test_what_is_no_plain_origin_is_left_out(origin: str) -> None:
    assert not is_plain_origin(origin)


@pytest.mark.parametrize("origin", [PAGE, "https://a-b.example:8443", "http://[::1]:3000", "http://127.0.0.1:8080"])
def test_a_plain_origin(origin: str) -> None:
    assert is_plain_origin(origin)


def test_names_that_could_break_out_are_left_out(traffic: Traffic) -> None:
    hostile = "Access-Control-Request-Headers: x-a,$request_uri,x'b,`id`"
    traffic.swap("OPTIONS", API, f"Origin: {PAGE}", PUT[0], hostile)
    (found,) = wishes(traffic)
    assert (found.headers, found.left_out) == (("x-a",), 3)


@given(st.lists(st.text(max_size=40), max_size=4), st.text(max_size=40))
def test_no_byte_of_a_packet_leaves_its_quotes(names: list[str], origin: str) -> None:
    traffic = Traffic()
    clean = [text.replace("\r", "").replace("\n", "") for text in (*names, origin)]
    lines = (f"Origin: {clean[-1]}", PUT[0], f"Access-Control-Request-Headers: {','.join(clean[:-1])}")
    traffic.swap("OPTIONS", API, *lines)
    for found in wishes(traffic):
        assert all(is_plain_origin(each) for each in found.origins)
        assert not set("\"'$`;{}\\ ") & set("".join((*found.headers, *found.methods)))
        ast.parse(snippet(found, "flask", "en"))


PLAIN = Wanted("http://api.test", (PAGE,), ("GET", "PUT"), ("content-type",), True, ("credentials",), 2, True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("server", SERVERS)
def test_each_configuration_says_all_of_it(server: str, language: str) -> None:
    text = snippet(PLAIN, server, language)  # type: ignore[arg-type]
    assert PAGE in text and "PUT" in text and "content-type" in text and "600" in text
    assert len([line for line in text.splitlines() if line.startswith(("#", "//"))]) >= len(warnings(PLAIN, "en"))


def test_nginx_sends_them_on_errors_too() -> None:
    lines = [
        line.strip() for line in snippet(PLAIN, "nginx", "en").splitlines() if "add_header" in line and line[0] != "#"
    ]
    assert lines and all(line.endswith(" always;") for line in lines)
    assert sum("Vary Origin" in line for line in lines) == 2
