"""Every field that netviz spells has a class in scapy that has it, and those of the common protocols have words."""

import importlib

import pytest

from netviz.dissect.spelling import SPELLINGS, Spelling
from netviz.explain.words import has, tables

MODULES = ("l2", "inet", "inet6", "sctp", "vxlan", "ppp", "dhcp")
COMMON = ("eth", "arp", "ip", "ipv6", "tcp", "udp", "icmp", "vlan")
WALKED = [
    "tcp.options", "tcp.options.mss", "tcp.options.wscale", "tcp.options.sack_perm", "tcp.options.sack",
    "tcp.options.timestamp", "ip.options", "ip.flags.df", "ip.flags.mf", "ip.flags.rb", "ip.dsfield.dscp",
    "ip.dsfield.ecn", "tcp.flags.syn", "tcp.flags.ack", "tcp.flags.fin", "tcp.flags.reset", "tcp.flags.push",
    "tcp.flags.urg", "tcp.flags.ece", "tcp.flags.cwr", "tcp.flags.ae", "tcp.flags.res", "eth.padding", "eth.trailer",
    "dns.id", "dns.flags", "dns.flags.response", "dns.flags.opcode", "dns.flags.rcode", "dns.count.queries",
    "dns.count.answers", "dns.count.auth_rr", "dns.count.add_rr", "dns.qry.name", "dns.qry.type", "dns.qry.class",
    "dns.resp.name", "dns.resp.type", "dns.resp.class", "dns.resp.ttl", "dns.resp.len", "dns.a", "dns.aaaa",
    "dns.cname", "http.start_line", "http.request.method", "http.request.uri", "http.request.version",
    "http.response.version", "http.response.code", "http.response.phrase", "http.header.name", "http.header.value",
    "http.head_end", "http.file_data", "http.chunk", "data.data", "data.continued", "data.fragment",
]  # fmt: skip


def scapy_fields(name: str) -> set[str]:
    for module in ("scapy.contrib.mpls", *(f"scapy.layers.{each}" for each in MODULES)):
        found = getattr(importlib.import_module(module), name, None)
        if found is not None:
            return {field.name for field in found.fields_desc}
    raise AssertionError(name)


@pytest.mark.parametrize("name", SPELLINGS)
def test_scapy_has_every_field_that_is_spelled(name: str) -> None:
    # Spelled for messages that share a row with others, or that scapy calls by another name.
    elsewhere = {"ICMPv6MLReport2": {"code"}}
    assert set(SPELLINGS[name]) - elsewhere.get(name, set()) <= scapy_fields(name)


def common() -> list[Spelling]:
    rows = (row for fields in SPELLINGS.values() for row in fields.values())
    return [row for row in rows if row.key.split(".")[0] in COMMON]


@pytest.mark.parametrize("key", sorted({row.key for row in common()} | set(WALKED)))
def test_the_fields_of_the_common_protocols_have_words_and_a_meaning(key: str) -> None:
    assert has(f"field.{key}")
    assert has(f"field.{key}.meaning")


def test_a_header_line_keeps_its_own_name() -> None:
    assert not has("field.http.header")
    assert has("field.http.header.meaning")


def test_short_labels_are_short() -> None:
    for key, words in tables().items():
        if key.startswith("field.") and not key.endswith(".meaning"):
            assert len(words["en"]) <= 20 and len(words["ko"]) <= 12, key
