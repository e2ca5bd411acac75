"""The grammar: what a filter means, what is wrong with one and where, and that nothing but FilterError comes out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.explain.words import has
from netviz.filter.fault import FilterError
from netviz.filter.fields import ALIASES, FIELDS, nearest
from netviz.filter.parser import WORDS, parse

READ = {
    "tcp": "tcp",
    "TCP.PORT==0x50": "tcp.port == 0x50",
    "not tcp and udp or arp": "!tcp && udp || arp",
    "!(tcp and udp) or arp": "!(tcp && udp) || arp",
    "tcp && (udp || arp)": "tcp && (udp || arp)",
    "not tcp.port eq 80": "!(tcp.port == 80)",
    "tcp.port ne 80": "tcp.port != 80",
    "any tcp.port != 80": "any tcp.port != 80",
    "tcp.port ~= 80": "any tcp.port != 80",
    "tcp.port === 80": "all tcp.port == 80",
    "tcp.port in {80 443,8000..8100}": "tcp.port in {80, 443, 8000..8100}",
    "tcp.port in { 1 .. 5 }": "tcp.port in {1..5}",
    "tcp.port not in {80}": "!(tcp.port in {80})",
    "http.request.method == OPTIONS": 'http.request.method == "OPTIONS"',
    'http.host ~ "a\\.b"': 'http.host matches "a\\\\.b"',
    'http.host == "a\\"b\\x41\\\\"': 'http.host == "a\\"bA\\\\"',
    'http.host contains r"\\d"': 'http.host contains "\\\\d"',
    "tcp contains 47:45:54": "tcp contains 47:45:54",
    "tcp.srcport < tcp.dstport": "tcp.srcport < tcp.dstport",
    "ip.addr == 10.0.0.0/8": "ip.addr == 10.0.0.0/8",
    "tcp.dport == 80": "tcp.dstport == 80",
    "tcp.flags & 0x12": "tcp.flags & 0x12",
    "frame.time_relative >= .5": "frame.time_relative >= .5",
    "http.header.X-Thing": "http.header.x-thing",
    "frame[0:4]==ff:ff": "frame[0:4] == ff:ff",
    "frame [ 12-13 , 0 ] == 08:06": "frame[12-13,0] == 08:06",
    "eth.src[:3] == 02:00:00": "eth.src[0:3] == 02:00:00",
    "tcp.payload[-2:] == 0d:0a": "tcp.payload[-2:] == 0d:0a",
    "tcp[13] == 0x12": "tcp[13] == 0x12",
    'tcp.payload[0:3] == "GET"': 'tcp.payload[0:3] == "GET"',
    "frame[12:2] in {08:00, 08:06}": "frame[12:2] in {08:00, 08:06}",
    "LEN(http.host) > 3": "len(http.host) > 3",
    "len(lower(http.host)[0:3]) == 3": "len(lower(http.host)[0:3]) == 3",
    "tcp.len == len(tcp.payload)": "tcp.len == len(tcp.payload)",
    'string(frame.number) matches "1$"': 'string(frame.number) matches "1$"',
}


@pytest.mark.parametrize("text", READ)
def test_a_filter_reads_as_what_it_means(text: str) -> None:
    found = parse(text)
    assert str(found).replace("(tcp.port in {80})", "(tcp.port in {80})") == READ[text]
    assert parse(str(found)) == found


WRONG = {
    "": ("empty", ""),
    "tcp.prot == 80": ("unknown-field-near", "tcp.prot"),
    "qqqqqqqq": ("unknown-field", "qqqqqqqq"),
    "tcp.port == ": ("expected-value", ""),
    "tcp.port == abc": ("bad-number", "abc"),
    "tcp.port == 99999999999999999999": ("bad-number", "99999999999999999999"),
    "ip.addr == 10.0.0.300": ("bad-ipv4", "10.0.0.300"),
    "ip.addr == 10.0.0.0/33": ("bad-ipv4", "10.0.0.0/33"),
    "ipv6.addr == fe80::1::2": ("bad-ipv6", "fe80::1::2"),
    "eth.src == 00:11": ("bad-mac", "00:11"),
    "tcp.flags.syn == 7": ("bad-boolean", "7"),
    "frame.time_delta < soon": ("bad-seconds", "soon"),
    "lower(tcp.port) == 1": ("bad-function", "tcp.port"),
    "len(tcp.port) == 1": ("bad-function", "tcp.port"),
    "len() == 1": ("expected-field", ")"),
    "len(http.host == 1": ("open-parenthesis", "("),
    "tcp.port[0] == 1": ("no-slice", "["),
    "frame[] == 1": ("slice-part", "]"),
    "frame[0:0] == 1": ("slice-part", "0:0"),
    "frame[a] == 1": ("slice-part", "a"),
    "frame[0 == 1": ("slice-part", "=="),
    "frame[0:2] == xyz": ("bad-slice", "xyz"),
    "tcp.len == lower(http.host)": ("bad-number", "lower"),
    "tcp.port contains 8": ("bad-operator", "contains"),
    "tcp == 3": ("bad-operator", "=="),
    "tcp && ": ("unfinished", ""),
    "tcp udp": ("expected-join", "udp"),
    "(tcp": ("open-parenthesis", "("),
    "tcp)": ("expected-join", ")"),
    "tcp.port in 80": ("expected-set", "80"),
    "tcp.port in {80": ("open-set", "{"),
    "tcp.port in {}": ("empty-set", "{}"),
    "tcp.port in {9..8}": ("bad-range", "9..8"),
    'http.host == "a': ("open-text", '"a'),
    'http.host ~ "("': ("bad-pattern", '"("'),
    'http.host ~ "(a)\\\\1"': ("unbounded-pattern", '"(a)\\\\1"'),
    "tcp = 3": ("bad-character", "="),
    "&& tcp": ("expected-field", "&&"),
    "any tcp.port": ("expected-operator", ""),
    "(" * 200 + "tcp": ("too-deep", "("),
    "tcp " * 2000: ("too-long", None),
}


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_a_fault_is_named_and_marked(text: str) -> None:
    key, marked = WRONG[text]
    with pytest.raises(FilterError) as caught:
        parse(text)
    fault = caught.value
    assert fault.key == f"filter.{key}"
    assert has(f"error.{fault.key}")
    if marked is not None:
        assert text[fault.start : fault.end] == marked


def test_the_caret_stands_under_the_fault_also_behind_wide_characters() -> None:
    with pytest.raises(FilterError) as caught:
        parse('http.host == "한글" && tcp.prot')
    line, mark = caught.value.marked()
    assert line == 'http.host == "한글" && tcp.prot'
    assert mark == " " * 23 + "^" * 8


def test_what_was_mistyped_is_suggested() -> None:
    assert nearest("tcp.prot")[0] == "tcp.port"
    assert nearest("http.metod")[0] == "http.request.method" or "method" in nearest("http.request.metod")[0]
    assert "tcp.srcport" in nearest("srcport")


words = st.sampled_from(
    [*FIELDS, *ALIASES, *WORDS, "==", "(", ")", "{", "}", ",", "80", "..", "10.0.0.1/8", '"x"', "!"]
)


@given(st.one_of(st.text(max_size=60), st.lists(words, max_size=12).map(" ".join)))
def test_any_text_gives_an_expression_or_a_filter_error(text: str) -> None:
    try:
        found = parse(text)
    except FilterError as fault:
        assert 0 <= fault.start < fault.end
        assert has(f"error.{fault.key}")
    else:
        assert parse(str(found)) == found
