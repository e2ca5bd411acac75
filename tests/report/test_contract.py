"""The JSON is an interface: every key of it, with its type, in every report on every shipped capture, in both languages.

The tables below are the contract: a key may be added to them, none may go, and none may become another type.
"""

import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from netviz.capture.opening import open_capture
from netviz.cli.main import main
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.store import Store
from netviz.report import connections, cors, datagrams, dns, exchanges, packets, summary
from netviz.report.form import json_text

CAPTURES: Final = Path(__file__).parents[2] / "captures"
FILES: Final = sorted(path for path in CAPTURES.iterdir() if path.suffix in (".pcap", ".pcapng"))
OTHERS: Final = sorted((CAPTURES / "cors").glob("*.pcap"))[::40] + sorted((CAPTURES / "tcp").glob("*.pcap"))[::20]


class Maybe(NamedTuple):
    """What was not seen is null."""

    shape: Any


class OneOf(NamedTuple):
    """One of some words."""

    words: frozenset[str]


class Each(NamedTuple):
    """An object of any keys from a set, or of any at all, whose values share a shape."""

    keys: frozenset[str] | None
    shape: Any


class Text(NamedTuple):
    """A text of a form."""

    form: str


def words(text: str) -> OneOf:
    return OneOf(frozenset(text.split()))


NUMBER = (int, float)
TIME = Text(r"-?[0-9]+\.[0-9]{9}")
STATES = words(
    "CLOSED LISTEN SYN-SENT SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT"
)
ANALYSIS = words(
    "retransmission fast-retransmission spurious-retransmission out-of-order previous-segment-lost acked-unseen "
    "duplicate-ack zero-window window-full window-update zero-window-probe zero-window-probe-ack keep-alive "
    "keep-alive-ack port-reused network-duplicate"
)
ROLE = words("client server")
ENDPOINT = {"address": str, "port": int}
ENVELOPE = {"netviz": str, "schema": int}
LADDER = Each(frozenset("1234567"), int)

SUMMARY = ENVELOPE | {
    "capture": {
        "file": str, "format": words("pcap pcapng"), "link_types": [str], "interfaces": [object], "packets": int,
        "bytes": int, "first_time": Maybe(TIME), "last_time": Maybe(TIME), "duration": Maybe(NUMBER), "cut_short": bool,
        "comments": [str],
    },
    "protocols": Each(None, {"packets": int, "bytes": int}),
    "layers": {"osi": LADDER, "tcpip": LADDER},
    "connections": int, "conversations": int, "requests": int, "responses": int, "exchanges": int,
    "cors": {"allowed": int, "blocked": int, "opaque": int, "indeterminate": int},
    "malformed": int,
    "limits_hit": Each(None, int),
}  # fmt: skip

PACKET = {
    "number": int, "time": TIME, "length": int, "captured": int, "layers": [str], "source": Maybe(str),
    "destination": Maybe(str), "source_port": Maybe(int), "destination_port": Maybe(int), "protocol": str, "info": str,
    "connection": Maybe(int), "direction": Maybe(ROLE), "flags": Maybe(str), "analysis": [ANALYSIS],
    "exchange": Maybe(int), "broken": Maybe({"layer": str, "offset": int, "reason": str}),
}  # fmt: skip

END = ENDPOINT | {"states": [STATES], "final_state": STATES}
CONNECTIONS = ENVELOPE | {
    "connections": [
        {
            "id": int, "client": END, "server": END, "client_is_inferred": bool,
            "opening": words(
                "three-way simultaneous fast-open refused unreachable no-answer aborted incomplete mid-stream"
            ),
            "closing": words("four-way three-segment simultaneous half-closed reset fin-then-reset open none"),
            "transitions": [
                {"packet": int, "endpoint": ROLE, "event": str, "from": STATES, "to": STATES, "illegal": bool}
            ],
            "handshake": {"syn": Maybe(int), "syn_ack": Maybe(int), "ack": Maybe(int), "rtt": Maybe(NUMBER)},
            "close_steps": {
                "fin_1": Maybe(int), "ack_1": Maybe(int), "fin_2": Maybe(int), "ack_2": Maybe(int),
                "active_closer": Maybe(ROLE),
            },
            "first_packet": int, "last_packet": int, "packets": int, "completeness": int,
            "conn_state": words("S0 S1 SF REJ S2 S3 RSTO RSTR RSTOS0 RSTRH SH SHR OTH"), "history": str,
            "bytes": {"client": int, "server": int},
            "analysis": Each(ANALYSIS.words, {"client": [int], "server": [int]}),
            "exchanges": [int],
        }
    ]
}  # fmt: skip

COSTS = {
    "packets": int, "header_bytes": int, "payload_bytes": int, "header_bytes_per_payload_byte": Maybe(NUMBER),
    "packets_without_payload": int, "packets_before_data": Maybe(int), "first_data_packet": Maybe(int),
    "round_trips_before_data": Maybe(int), "seconds_before_data": Maybe(NUMBER), "sent_again": [int],
    "out_of_order": int,
}  # fmt: skip
UDP_END = ENDPOINT | {"datagrams": int, "payload": int, "bytes": int}
DATAGRAMS = ENVELOPE | {
    "udp": {"ip_protocol": int, "header_bytes": int, "most_payload": int, "most_payload_ipv4": int, "greatest_port": int},
    "conversations": [
        {
            "id": int, "a": UDP_END, "b": UDP_END, "state": Maybe(str), "first_packet": int, "last_packet": int,
            "start": TIME, "duration": NUMBER, "costs": COSTS,
            "datagrams": [
                {
                    "packet": int, "time": TIME, "from": words("a b"), "payload": int, "length": int, "protocol": str,
                    "kind": Maybe(words("request reply")), "answers": Maybe(int), "answered": Maybe(int),
                    "asked_before": Maybe(int), "tie": Maybe(str), "inferred": [str], "refused": Maybe(int),
                }
            ],
            "icmp_errors": [{"packet": int, "name": str, "quotes": Maybe(int)}],
        }
    ],
    "tcp_beside": Maybe(COSTS | {"connection": int}),
}  # fmt: skip

HEADERS = [(str, str)]
EXCHANGE = {
    "id": int, "connection": int, "client": ENDPOINT, "server": ENDPOINT,
    "request": Maybe(
        {
            "packet": int, "packets": [int], "time": TIME, "method": str, "target": str, "url": Maybe(str),
            "version": str, "headers": HEADERS, "body_bytes": int, "body_complete": bool,
        }
    ),
    "response": Maybe(
        {
            "packet": int, "packets": [int], "time": TIME, "status": int, "reason": str, "version": str,
            "headers": HEADERS, "body_bytes": int, "body_complete": bool, "interim": [{"status": int, "packet": int}],
        }
    ),
    "timing": {name: Maybe(NUMBER) for name in ("blocked", "connect", "send", "wait", "receive")},
    "cookies": {
        "sent": [{"name": str, "value": str}],
        "set": [
            {
                "name": str, "value": str, "attributes": [(str, Maybe(str))], "domain": Maybe(str), "path": Maybe(str),
                "secure": bool, "http_only": bool, "same_site": Maybe(str),
                "lifetime": Maybe(words("session persistent deleted")),
            }
        ],
    },
    "tokens": [
        {
            "where": str, "header": Each(None, object), "payload": Each(None, object), "signature_bytes": int,
            "valid_at_packet_time": Maybe(bool),
        }
    ],
    "broken": Maybe(str),
}  # fmt: skip
EXCHANGES = ENVELOPE | {"exchanges": [EXCHANGE]}

RULE = Text(r"R([1-9]|[1-6][0-9]|7[0-6])[a-z]?")
CORS = ENVELOPE | {
    "exchanges": [
        EXCHANGE
        | {
            "is_preflight": bool, "cross_origin": Maybe(bool), "origin": Maybe(str),
            "check": words("pass fail not-checked"), "code": Maybe(str),
        }
    ],
    "fetches": [
        {
            "id": int, "exchanges": [int], "origin": Maybe(str), "url": Maybe(str), "method": Maybe(str),
            "kind": words("same-origin simple preflighted no-cors navigation websocket unknown"),
            "why_not_simple": [{"rule": str, "header": Maybe(str), "value": Maybe(str)}],
            "preflight": words("seen cached none-needed missing"),
            "credentials": {
                "mode": words("include omit unknown"), "inferred_from": [str], "confidence": words("certain high low")
            },
            "verdict": words("allowed blocked opaque not-applicable indeterminate none"), "code": Maybe(str), "also": [str],
            "confidence": words("certain high low"), "readable_headers": [str], "hidden_headers": [str],
            "server_ran_it": Maybe(bool),
            "checks": [
                {
                    "rule": RULE, "outcome": words("pass fail unknown"), "packet": int, "span": Maybe((int, int)),
                    "header": Maybe(str), "value": Maybe(str), "text": str,
                }
            ],
            "mend": [str],
        }
    ],
}  # fmt: skip


RECORD = {"name": str, "type": str, "ttl": int, "data": Maybe(str)}
DNS_MESSAGE = {
    "packet": int, "time": TIME, "id": int, "authoritative": bool, "truncated": bool, "recursion_desired": bool,
    "recursion_available": bool, "rcode": str,
    "counts": {"questions": int, "answers": int, "authority": int, "additional": int},
    "answers": [RECORD], "authority": [RECORD], "additional": [RECORD], "broken": bool,
}  # fmt: skip
DNS = ENVELOPE | {
    "lookups": [
        {
            "id": int, "client": ENDPOINT, "server": ENDPOINT, "transport": words("UDP TCP"), "name": Maybe(str),
            "type": Maybe(str), "query": Maybe(DNS_MESSAGE), "asked_again": [int], "response": Maybe(DNS_MESSAGE),
            "addresses": [str], "time": Maybe(NUMBER),
        }
    ]
}  # fmt: skip


def against(value: Any, shape: Any, at: str = "$") -> list[str]:
    """Where a value is not of a shape; empty where it is."""
    if isinstance(shape, Maybe):
        return [] if value is None else against(value, shape.shape, at)
    if isinstance(shape, OneOf):
        return [] if value in shape.words else [f"{at}: {value!r} is none of the words"]
    if isinstance(shape, Text):
        return [] if isinstance(value, str) and re.fullmatch(shape.form, value) else [f"{at}: {value!r}"]
    if isinstance(shape, Each):
        if not isinstance(value, dict):
            return [f"{at}: {value!r} is no object"]
        wrong = [f"{at}.{key}: no such key" for key in value if shape.keys is not None and key not in shape.keys]
        return wrong + [line for key, each in value.items() for line in against(each, shape.shape, f"{at}.{key}")]
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{at}: {value!r} is no object"]
        wrong = [f"{at}.{key} is missing" for key in shape if key not in value]
        return wrong + [
            line for key, each in shape.items() if key in value for line in against(value[key], each, f"{at}.{key}")
        ]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{at}: {value!r} is no list"]
        return [line for index, each in enumerate(value) for line in against(each, shape[0], f"{at}[{index}]")]
    if shape is NUMBER:
        return [] if isinstance(value, NUMBER) and not isinstance(value, bool) else [f"{at}: {value!r} is no number"]
    if isinstance(shape, tuple):
        if not isinstance(value, list) or len(value) != len(shape):
            return [f"{at}: {value!r} is no list of {len(shape)}"]
        return [
            line
            for index, (each, one) in enumerate(zip(value, shape, strict=True))
            for line in against(each, one, f"{at}[{index}]")
        ]
    right = isinstance(value, shape) and (shape is not int or not isinstance(value, bool))
    return [] if right else [f"{at}: {value!r} is no {shape.__name__}"]


@cache
def store_of(path: Path) -> Store:
    return analyze(open_capture(str(path)))


def read_back(document: dict[str, object]) -> Any:
    """As another program reads it."""
    return json.loads(json_text(document))


REPORTS: Final[dict[str, tuple[Callable[[Store], Iterable[dict[str, object]]], Any]]] = {
    "summary": (lambda store: [summary.document(store)], SUMMARY),
    "packets": (packets.documents, PACKET),
    "connections": (lambda store: [connections.document(store)], CONNECTIONS),
    "datagrams": (lambda store: [datagrams.document(store, len(store.packets))], DATAGRAMS),
    "exchanges": (lambda store: [exchanges.document(store)], EXCHANGES),
    "dns": (lambda store: [dns.document(store)], DNS),
    "cors": (lambda store: [cors.document(store, "chromium")], CORS),
}


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("path", [*FILES, *OTHERS], ids=lambda path: path.name)
def test_every_key_is_there_with_its_type(report: str, path: Path) -> None:
    documents, shape = REPORTS[report]
    wrong = [line for each in documents(store_of(path)) for line in against(read_back(each), shape)]
    assert not wrong, "\n".join(wrong[:10])


@pytest.mark.parametrize("report", REPORTS)
def test_the_language_changes_nothing(report: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for language in ("en", "ko"):
        assert main([report, str(CAPTURES / "demo.pcapng"), "--json", "--lang", language]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    documents = [json.loads(line) for line in said[0].splitlines()] if report == "packets" else [json.loads(said[0])]
    assert not [line for each in documents for line in against(each, REPORTS[report][1])]


@pytest.mark.parametrize("report", REPORTS)
def test_an_empty_capture_has_the_keys_too(report: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.pcap"
    path.write_bytes((CAPTURES / "arp-ping.pcap").read_bytes()[:24])
    assert main([report, str(path), "--json"]) == 0
    said = capsys.readouterr().out
    assert said == "" if report == "packets" else against(json.loads(said), REPORTS[report][1]) == []


# The checker itself: what is wrong is told.
@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (None, str), (True, int), (1, str), ("x", NUMBER), ([1], [str]), ({}, {"a": int}),
        ({"b": 1}, Each(frozenset("a"), int)), ("S", Maybe(int)),
        ("x", words("a b")), ("1.5", TIME), ([1], (int, int)), ({"a": None}, {"a": int}), ("R77", RULE), ([], {}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(value: Any, shape: Any) -> None:
    assert against(value, shape)
