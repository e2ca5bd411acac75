"""Every question of the usual labs on HTTP, DNS, TCP, UDP and the layers below, in text, as JSON and on the screen.

A row names the question (Kurose and Ross, Wireshark Labs), the capture, and where its answer stands. The screen is that
of 120 by 40: what its panels say, further down included.
"""

import contextlib
import io
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from textual.pilot import Pilot

from netviz.capture.opening import open_capture
from netviz.cli.main import main
from netviz.pipeline.analyzer import Analyzer
from netviz.tui.app import NetvizApp
from netviz.tui.draw.graphs import draw_graph
from netviz.tui.draw.line import Target
from netviz.tui.draw.measure_tables import draw_numbers, draw_segments
from netviz.tui.draw.sequence import chosen_connection
from netviz.tui.draw.trace import trace_of
from netviz.tui.widgets.line_panel import LinePanel
from netviz.tui.widgets.messages import Chosen
from netviz.tui.widgets.row_list import RowList

CAPTURES: Final = Path(__file__).parents[1] / "captures"
WIDTH: Final = 58


class Row(NamedTuple):
    """One question with its answer in three places."""

    question: str
    capture: str
    command: str
    """What is typed: `exchanges -- --exchange 1`, where `--` stands for the capture."""

    text: str
    """A pattern that the text must have; white space counts as one space."""

    answer: Callable[[Any], object]
    """From the JSON of the same command to the answer."""

    is_: object
    screen: str
    """View, and the packet that is selected: `4#10`."""

    seen: str = ""
    """A pattern for the screen; empty: that of the text."""


def exchange(found: Any) -> Any:
    return found["exchanges"][0]


def header(side: str, name: str) -> Callable[[Any], object]:
    return lambda found: dict(exchange(found)[side]["headers"]).get(name)


def lookup(number: int) -> Callable[[Any], Any]:
    return lambda found: found["lookups"][number - 1]


def field(key: str, what: str = "value") -> Callable[[Any], object]:
    """A field of a packet, wherever it is nested; of several the first."""

    def search(fields: list[Any]) -> Any:
        for each in fields:
            inner = each if each["key"] == key else search(each["fields"])
            if inner is not None:
                return inner
        return None

    def find(found: Any) -> object:
        one = next(filter(None, (search(layer["fields"]) for layer in found["layers"])), None)
        return one[what] if one is not None else None

    return find


PAGE, PAGE_1 = "page-load.pcap", "exchanges -- --exchange 1"
SLOW, ZERO, REFUSED = "slow-start.pcap", "zero-window.pcap", "udp-refused.pcap"
ONE, UDP_1 = "connections -- --connection 0", "datagrams -- --conversation 0"
COND, LOSS, DNS = "conditional-get.pcap", "http-loss.pcap", "udp-dns.pcap"
KEEP, PING, FRAGMENTS, IPV6 = "http-keep-alive.pcap", "arp-ping.pcap", "ip-fragments.pcap", "ipv6-http.pcap"


def below(number: int) -> str:
    return f"explain -- {number} --fields"


def connection(found: Any) -> Any:
    return found["connections"][0]


def server(found: Any) -> Any:
    return connection(found)["depth"]["server"]


def datagrams(found: Any) -> Any:
    return found["conversations"][0]["datagrams"]


ROWS: Final[list[Row]] = [
    # Getting started
    Row("Intro 1: protocols seen", PAGE, "summary --", r"ARP.*DNS.*HTTP|DNS.*ARP|HTTP",
        lambda found: {"ARP", "DNS", "TCP", "HTTP"} <= set(found["protocols"]), True, "6#1", "DNS"),
    Row("Intro 2: time from GET to OK", PAGE, PAGE_1, r"wait +5\.2 ms", lambda found: exchange(found)["timing"]["wait"],
        0.005162, "4#10"),
    Row("Intro 3: addresses of both", PAGE, PAGE_1, r"10\.9\.0\.2:36408 → 10\.9\.0\.1:80",
        lambda found: (exchange(found)["client"]["address"], exchange(found)["server"]["address"]),
        ("10.9.0.2", "10.9.0.1"), "4#10", r"10\.9\.0\.2:36408 to 10\.9\.0\.1:80"),
    Row("Intro 4: browser", PAGE, PAGE_1, r"User-Agent: Mozilla/5\.0 .*Chrome/", header("request", "User-Agent"),
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36",
        "4#10", r"User-Agent Mozilla/5\.0"),
    Row("Intro 5: destination port of the GET", PAGE, below(10), r"dst port: 80 ", field("tcp.dstport"), "80", "1#10",
        r"dst port 80"),
    Row("Intro 6: the two messages printed", PAGE, PAGE_1, r"→ GET / HTTP/1\.1 \(#10\).*← HTTP/1\.1 200 OK \(#15\)",
        lambda found: (exchange(found)["request"]["packet"], exchange(found)["response"]["packet"]), (10, 15), "4#10",
        r"GET / HTTP/1\.1.*HTTP/1\.1 200 OK"),
    # HTTP
    Row("HTTP 1: version of browser and server", PAGE, PAGE_1, r"GET / HTTP/1\.1.*← HTTP/1\.1 200",
        lambda found: (exchange(found)["request"]["version"], exchange(found)["response"]["version"]),
        ("HTTP/1.1", "HTTP/1.1"), "4#10", r"GET / HTTP/1\.1.*HTTP/1\.1 200"),
    Row("HTTP 2: languages the browser takes", PAGE, PAGE_1, r"Accept-Language: en-US,en;q=0\.9",
        header("request", "Accept-Language"), "en-US,en;q=0.9", "4#10", r"Accept-Language en-US,en;q=0\.9"),
    Row("HTTP 3: addresses of browser and server", PAGE, "exchanges --", r"\[1\] 10\.9\.0\.2:36408 → 10\.9\.0\.1:80",
        lambda found: (exchange(found)["client"]["address"], exchange(found)["server"]["address"]),
        ("10.9.0.2", "10.9.0.1"), "4#10", r"10\.9\.0\.2:36408 to 10\.9\.0\.1:80"),
    Row("HTTP 4: status code", PAGE, PAGE_1, r"200 OK", lambda found: exchange(found)["response"]["status"], 200, "4#10"),
    Row("HTTP 5: last modified", COND, PAGE_1, r"Last-Modified: Wed, 25 Nov 2026", header("response", "Last-Modified"),
        "Wed, 25 Nov 2026 04:57:57 GMT", "4#6", r"Last-Modified Wed, 25 Nov 2026"),
    Row("HTTP 6: bytes of content", COND, PAGE_1, r"Application payload \(body\) 24 B",
        lambda found: exchange(found)["response"]["body_bytes"], 24, "4#6"),
    Row("HTTP 7: a header that the list does not show", COND, below(8), r"Accept-Ranges: bytes",
        field("http.head_end", "span"), [301, 303], "1#8", r"Accept-Ranges bytes"),
    Row("HTTP 8: no If-Modified-Since in the first GET", COND, PAGE_1, r"The request is unconditional",
        lambda found: exchange(found)["detail"]["caching"]["conditions"], [], "4#6"),
    Row("HTTP 9: the first reply has its content", COND, PAGE_1, r"body\) 24 B after",
        lambda found: exchange(found)["detail"]["messages"]["response"]["body"]["kind"], "text", "4#6"),
    Row("HTTP 10: If-Modified-Since of the second GET", COND, "exchanges -- --exchange 3",
        r"If-Modified-Since: Wed, 25 Nov 2026.*The copy is from exchange 1: 200 in #8, 24 bytes, Last-Modified",
        lambda found: (exchange(found)["detail"]["caching"]["conditions"][0]["name"],
                       exchange(found)["detail"]["same_url"]["copy"]["exchange"]), ("If-Modified-Since", 1), "4#26",
        r"The copy is from exchange 1: 200 in #8"),
    Row("HTTP 11: status of the second reply, and no content", COND, "exchanges -- --exchange 3",
        r"304 Not Modified.*24 bytes did not have to be sent again",
        lambda found: (exchange(found)["response"]["status"], exchange(found)["response"]["body_bytes"]), (304, 0), "4#26"),
    Row("HTTP 12: number of GETs, packet of the one for the long document", LOSS, "exchanges --", r"→ GET .*\(#6\)",
        lambda found: [each["request"]["packet"] for each in found["exchanges"]], [6], "4#6", r"1 #6 GET"),
    Row("HTTP 13: packet with the status line", LOSS, PAGE_1, r"← HTTP/1\.1 200 OK \(#8\)",
        lambda found: exchange(found)["response"]["packet"], 8, "4#6", r"200 OK.*#8"),
    Row("HTTP 14: status and phrase", LOSS, PAGE_1, r"HTTP/1\.1 200 OK",
        lambda found: (exchange(found)["response"]["status"], exchange(found)["response"]["reason"]), (200, "OK"), "4#6"),
    Row("HTTP 15: data segments of the reply", LOSS, PAGE_1,
        r"This reply used 11 segments: #8 #9 #10 #11 #12 #13 #14 #15 #16 #17 #19",
        lambda found: [each["packet"] for each in exchange(found)["detail"]["messages"]["response"]["segments"]],
        [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19], "4#6"),
    Row("HTTP 16: number of GETs and where they went", PAGE, PAGE_1,
        r"6 requests of the page http://www\.shop\.example/",
        lambda found: len(exchange(found)["detail"]["page"]["requests"]), 6, "4#10"),
    Row("HTTP 17: images serial or in parallel", PAGE, PAGE_1, r"3 images were fetched in parallel.*up to 4 of 6 at once",
        lambda found: exchange(found)["detail"]["page"]["overlap"], "mixed", "4#10", r"3 images were fetched in parallel"),
    Row("HTTP 18: reply to the first GET of a protected page", "basic-auth.pcap", "exchanges -- --exchange 1",
        r"401 Unauthorized.*asked again with credentials in exchange 2.*Basic is wanted: Basic realm=\"tasting notes\"",
        lambda found: (exchange(found)["response"]["status"], exchange(found)["detail"]["same_url"]["answered"]),
        (401, 2), "4#6"),
    Row("HTTP 19: new field in the second GET", "basic-auth.pcap", "exchanges -- --exchange 2",
        r"New in this request: Authorization.*Basic is base64, not encryption\. Decoded: user …\(4\), password …\(9\)",
        lambda found: exchange(found)["detail"]["same_url"]["refused"]["added"], ["Authorization"], "4#10"),
    # TCP 5
    Row("TCP 5: sequence number of the segment with POST, its bytes, the whole file?", "multipart-upload.pcap", PAGE_1,
        r"#6 189 B, bytes 0 to 188 of the message, from seq 1 \(raw 1297514036\).*#8 467 B",
        lambda found: [each["bytes"] for each in exchange(found)["detail"]["messages"]["request"]["segments"]],
        [189, 467], "4#6", r"#6 189 B, bytes 0 to 188 of the message, from seq 1"),
    # DNS
    Row("DNS 1, 2: address of a name, and who answered", DNS, "dns --",
        r"A www\.shop\.example → A 10\.9\.0\.1.*10\.9\.0\.1:53",
        lambda found: (lookup(1)(found)["addresses"], lookup(1)(found)["server"]["address"]), (["10.9.0.1"], "10.9.0.1"),
        "4#3"),
    Row("DNS 3: authoritative or not", DNS, "dns --", r"Not authoritative",
        lambda found: lookup(1)(found)["response"]["authoritative"], False, "4#4"),
    Row("DNS 4: who serves the zone", DNS, "dns --", r"authority: example SOA ns\.example",
        lambda found: lookup(3)(found)["response"]["authority"][0]["data"], "ns.example admin.example", "4#8"),
    Row("DNS 5, 6: packets of query and reply, UDP or TCP", DNS, "dns --", r"\[1\] #3 → #4.*over UDP",
        lambda found: (lookup(1)(found)["query"]["packet"], lookup(1)(found)["response"]["packet"],
                       lookup(1)(found)["transport"]), (3, 4, "UDP"), "4#3"),
    Row("DNS 7: ports", DNS, "dns --", r"10\.9\.0\.2:59226 asks 10\.9\.0\.1:53",
        lambda found: (lookup(1)(found)["client"]["port"], lookup(1)(found)["server"]["port"]), (59226, 53), "4#3"),
    Row("DNS 8: where the query went: a local resolver?", DNS, "dns --", r"asks 10\.9\.0\.1:53",
        lambda found: lookup(1)(found)["server"]["address"], "10.9.0.1", "4#3"),
    Row("DNS 9: questions and answers in the query", DNS, "dns --", r"Query 0xeeb1: questions 1, answers 0",
        lambda found: lookup(1)(found)["query"]["counts"]["answers"], 0, "4#3"),
    Row("DNS 10: questions and answers in the reply", DNS, "dns --", r"Response 0xeeb1: NOERROR; questions 1, answers 1",
        lambda found: lookup(1)(found)["response"]["counts"]["answers"], 1, "4#3"),
    Row("DNS 11: DNS before the page's connection, and once only", PAGE, PAGE_1,
        r"DNS: A www\.shop\.example asked in #4, answered 10\.9\.0\.1 in #6",
        lambda found: [(each["query"], each["response"], each["from_cache"])
                       for each in exchange(found)["detail"]["page"]["lookups"]], [(4, 6, False)], "4#10"),
    Row("DNS 11: the second load needs no query", PAGE, "exchanges -- --exchange 7",
        r"DNS: no query for www\.shop\.example: the answer 10\.9\.0\.1 of #6 was 770\.4 ms old.*from the cache",
        lambda found: exchange(found)["detail"]["page"]["lookups"][0]["from_cache"], True, "4#42"),
    Row("DNS 12: destination port of the query, source port of the reply", DNS, below(4), r"src port: 53 ",
        field("udp.srcport"), "53", "1#4", r"src port 53"),
    Row("DNS 13: address the query goes to", DNS, below(3), r"dst IP: 10\.9\.0\.1", field("ip.dst"), "10.9.0.1", "1#3",
        r"dst IP 10\.9\.0\.1"),
    Row("DNS 14: type of the query", DNS, "dns --", r"\[2\] #5 → #6 AAAA www\.shop\.example",
        lambda found: lookup(2)(found)["type"], "AAAA", "4#5"),
    Row("DNS 15: what the answers contain", DNS, "dns --", r"answer: www\.shop\.example A 10\.9\.0\.1 \(may be kept 300 s\)",
        lambda found: lookup(1)(found)["response"]["answers"],
        [{"name": "www.shop.example", "type": "A", "ttl": 300, "data": "10.9.0.1"}], "4#4"),
    Row("DNS 16, 17: name servers in the authority section", DNS, "dns --", r"authority: example SOA",
        lambda found: lookup(4)(found)["response"]["authority"][0]["type"], "SOA", "4#10"),
    Row("DNS 18: additional records", DNS, "dns --", r"Query 0xeeb1: .*additional 1",
        lambda found: lookup(1)(found)["query"]["additional"][0]["type"], "OPT", "4#3"),
    # Ethernet
    Row("Ethernet 1, 2: MAC addresses of the frame with GET", KEEP, below(6),
        r"dst MAC: 02:00:00:09:00:01.*src MAC: 02:00:00:09:00:02", field("eth.src"), "02:00:00:09:00:02", "1#6",
        r"dst MAC 02:00:00:09:00:01"),
    Row("Ethernet 3: type", KEEP, below(6), r"type: 0x0800 \(IPv4\)", field("eth.type"), "0x0800 (IPv4)", "1#6",
        r"type 0x0800 \(IPv4\)"),
    Row("Ethernet 4: bytes before the G of GET", KEEP, below(6), r"66 0x0042 +start line: GET / HTTP/1\.1",
        lambda found: field("http.start_line", "span")(found)[0], 66, "1#6", r"0040 .. .. 47 45 54"),  # type: ignore[index]
    Row("Ethernet 5, 6: MAC addresses of the reply's frame", KEEP, below(8),
        r"dst MAC: 02:00:00:09:00:02.*src MAC: 02:00:00:09:00:01", field("eth.dst"), "02:00:00:09:00:02", "1#8",
        r"src MAC 02:00:00:09:00:01"),
    Row("Ethernet 8: bytes before the O of OK", KEEP, below(8), r"79 0x004f +reason: OK",
        lambda found: field("http.response.phrase", "span")(found)[0], 79, "1#8", r"00(40|48)( [0-9a-f]{2}){7,15} 4f"),  # type: ignore[index]
    Row("Ethernet 9: frames that carried the reply", LOSS, PAGE_1, r"This reply used 11 segments",
        lambda found: len(exchange(found)["response"]["packets"]), 11, "4#6"),
    # ARP
    Row("ARP 12: addresses of the frame with the request", PING, below(1), r"dst MAC: ff:ff:ff:ff:ff:ff", field("eth.dst"),
        "ff:ff:ff:ff:ff:ff", "1#1", r"dst MAC ff:ff:ff:ff:ff:ff"),
    Row("ARP 13: type of its frame", PING, below(1), r"type: 0x0806 \(ARP\)", field("eth.type"), "0x0806 (ARP)", "1#1",
        r"type 0x0806 \(ARP\)"),
    Row("ARP 14: bytes before the opcode, and its value", PING, below(1), r"20 0x0014 +operation: 1 \(request\)",
        lambda found: (field("arp.opcode", "span")(found), field("arp.opcode")(found)), ([20, 22], "1 (request)"), "1#1",
        r"operation 1 \(request\)"),
    Row("ARP 15: the sender's address in it", PING, below(1), r"sender IP: 10\.9\.0\.2", field("arp.src.proto_ipv4"),
        "10.9.0.2", "1#1", r"sender IP 10\.9\.0\.2"),
    Row("ARP 16: whose MAC is asked for", PING, below(1), r"target IP: 10\.9\.0\.1", field("arp.dst.proto_ipv4"), "10.9.0.1",
        "1#1", r"target IP 10\.9\.0\.1"),
    Row("ARP 18: the answer", PING, below(2), r"operation: 2 \(reply\).*sender MAC: 02:00:00:09:00:01",
        field("arp.src.hw_mac"), "02:00:00:09:00:01", "1#2", r"sender MAC 02:00:00:09:00:01"),
    # IP
    Row("IP 1 to 3: own address, TTL, protocol", PING, below(3), r"TTL: 64.*protocol: 1 \(ICMP\).*src IP: 10\.9\.0\.2",
        lambda found: (field("ip.src")(found), field("ip.ttl")(found), field("ip.proto")(found)),
        ("10.9.0.2", "64", "1 (ICMP)"), "1#3", r"TTL 64"),
    Row("IP 4, 5: bytes of header and payload", PING, below(3), r"header: 5 \(20 B\).*total length: 84",
        lambda found: [layer["payload"][1] - layer["payload"][0] for layer in found["layers"]
                       if layer["protocol"] == "IPv4"], [64], "1#3", r"total length 84"),
    Row("IP 6, 13: fragmented? how it is seen", FRAGMENTS, below(3), r"more fragments: 1.*fragment offset: 0",
        field("ip.frag_offset"), "0 (0 B)", "1#3", r"fragment offset 0"),
    Row("IP 14 to 16: the next fragment and its offset", FRAGMENTS, below(4), r"fragment offset: 185 \(1480 B\)",
        field("ip.frag_offset"), "185 (1480 B)", "1#4", r"fragment offset 185 \(1480 B\)"),
    Row("IP 20 to 25: IPv6 addresses, flow label, payload length, next header", IPV6, below(6),
        r"flow label: 0x.*payload length: 118.*next header: 6 \(TCP\)", field("ipv6.nxt"), "6 (TCP)", "1#6",
        r"next header 6 \(TCP\)"),
    Row("IP 26, 27: AAAA answers", DNS, "dns --", r"AAAA www\.shop\.example → AAAA fd09::1",
        lambda found: lookup(2)(found)["addresses"], ["fd09::1"], "4#6"),
    # ICMP
    Row("ICMP 1, 2: addresses; no ports", PING, below(3), r"src IP: 10\.9\.0\.2.*dst IP: 10\.9\.0\.1",
        field("tcp.srcport"), None, "1#3", r"dst IP 10\.9\.0\.1"),
    Row("ICMP 3: type, code, checksum, identifier, sequence of the request", PING, below(3),
        r"type: 8 \(Echo\) \(1 B\).*code: 0.*checksum: 0x\S+ \(2 B\).*id\S* .*\(2 B\)", field("icmp.type"), "8 (Echo)",
        "1#3", r"type 8 \(Echo\)"),
    Row("ICMP 4: those of the reply", PING, below(4), r"type: 0 \(Echo Reply\)", field("icmp.type"), "0 (Echo Reply)", "1#4",
        r"type 0 \(Echo Reply\)"),
    # TCP and UDP
    Row("TCP 1: address and port of the client", LOSS, ONE, r"10\.9\.0\.2:53402 → ",
        lambda found: (connection(found)["client"]["address"], connection(found)["client"]["port"]), ("10.9.0.2", 53402),
        "3#3", r"client 10\.9\.0\.2:53402|10\.9\.0\.2:53402"),
    Row("TCP 2: address and port of the server", LOSS, ONE, r"→ 10\.9\.0\.1:8080",
        lambda found: (connection(found)["server"]["address"], connection(found)["server"]["port"]), ("10.9.0.1", 8080),
        "3#3", r"10\.9\.0\.1:8080"),
    Row("TCP 3: number of the SYN, what makes it one, SACK", LOSS, below(3),
        r"seq: 2615933767 .*flags: SYN \(0x002\).*SYN: 1 .*SACK", field("tcp.seq_raw"), "2615933767", "1#3",
        r"seq 2615933767.*flags SYN"),
    Row("TCP 4: number of the SYN,ACK", LOSS, "packets -- -c 4", r"4 .*\[SYN,ACK\] Seq=0 Ack=1",
        lambda found: found["flags"], "SYN,ACK", "3#4", r"SYN,ACK seq=0 ack=1"),
    Row("TCP 4: how its acknowledgement comes about", LOSS, ONE,
        r"Packet 4 is step 2 of 3 of the opening: a SYN,ACK; .*acknowledges the other's SYN.*SYN and FIN",
        lambda found: connection(found)["handshake"]["syn_ack"], 4, "3#4",
        r"ack = 1: the server has all bytes of the client up to 0"),
    Row("TCP 6: sent, acknowledged, RTT, EstimatedRTT", LOSS, ONE,
        r"#8 1 119 0\.020607 #18 11\.2 ms 11\.2 ms 2 #9 .* #20 11\.2 ms 11\.2 ms.*EstimatedRTT = 0\.875",
        lambda found: [(each["packet"], each["acked_by"], each["rtt"]) for each in server(found)["segments"][:2]],
        [(8, 18, 0.011216), (9, 20, 0.011194)], "3#8", r"#8 20\.6 ms 1 119 #18 11\.2 ms 11\.2 ms #9"),
    Row("TCP 7: bytes of the first four segments with data", LOSS, ONE,
        r"#8 1 119 .*#9 120 1,448 .*#10 1,568 1,448 .*#11 3,016 1,448",
        lambda found: [each["length"] for each in server(found)["segments"][:4]], [119, 1448, 1448, 1448], "3#8",
        r"#8 20\.6 ms 1 119 .*#9 20\.7 ms 120 1,448"),
    Row("TCP 8: least window, and no throttling", LOSS, ONE,
        r"Window offered: least 11,776 bytes \(#30\)",
        lambda found: connection(found)["depth"]["client"]["window"]["least"], {"bytes": 11776, "packet": 30}, "3#33",
        r"the client offers at least 11,776 bytes \(packet 30\)\. It is never 0"),
    Row("TCP 8: a window that throttles", ZERO, ONE,
        r"Window offered: least 0 bytes \(#12\).*Window closed from #12 to #16, 681\.9 ms; asked meanwhile by #13 #15",
        lambda found: connection(found)["depth"]["client"]["window"]["least"]["bytes"], 0, "3#45",
        r"the client offers at least 0 bytes \(packet 12\)\. It is 0 3 times"),
    Row("TCP 9: what was sent again, and how that is seen", LOSS, ONE,
        r"#28 is a fast retransmission of #11, 11\.3 ms later: duplicate acknowledgements told of the loss",
        lambda found: connection(found)["analysis"]["retransmission"], {"client": [], "server": [28]}, "3#33",
        r"packet 28 has the bytes 3016 to 4463, which packet 11 had sent before"),
    Row("TCP 9: nothing sent again", SLOW, ONE, r"Data segments: 50, 72,000 bytes; sent more than once: 0 bytes",
        lambda found: "retransmission" in connection(found)["analysis"], False, "3#101", r"Sent again: nothing"),
    Row("TCP 10: how much is acknowledged at once", SLOW, ONE,
        r"Acknowledgements of new data: 45; most often of 1,448 B \(39×, first #16\).*one segment 40, for two 5 \(delayed",
        lambda found: connection(found)["depth"]["client"]["acks"]["of_two_segments"], 5, "3#101",
        r"45 go further: 1,448 B x 39 .*5 acknowledge two segments or more at once \(delayed"),
    Row("TCP 11: throughput, and its sum", SLOW, ONE, r"Throughput: 72,000 bytes in 144\.3 ms = 3\.99 Mbit/s",
        lambda found: round(server(found)["throughput"]["bits_per_second"]), 3991988, "3#101",
        r"72,000 bytes of the server .* in 0\.144289 s: 8 x 72,000 / 0\.144289 = 3\.99 Mbit/s"),
    Row("TCP 12, 13: fleets, slow start, their period", SLOW, ONE,
        r"Fleets: 3, .*: #6 10 segments 14,480 B, #17 20 segments 28,960 B, #47 20 segments.*From one to the next",
        lambda found: [each["segments"] for each in server(found)["bursts"]["fleets"]], [10, 20, 20], "3#101",
        r"Sequence numbers \(Stevens\).*a fleet begins \(3\)"),
    Row("TCP 14: the same of another trace", ZERO, ONE, r"Throughput: 24,000 bytes in 724\.5 ms = 265\.03 kbit/s",
        lambda found: server(found)["throughput"]["bytes"], 24000, "3#45", r"Throughput: 24,000 bytes of the server"),
    Row("UDP 1: the fields of the header", DNS, UDP_1,
        r"four fields of 2 \(RFC 768\): Source port 59226 Destination port 53 Length 65 .*Checksum 0x",
        lambda found: datagrams(found)[0]["packet"], 3, "3#3"),
    Row("UDP 2: bytes of each field", DNS, below(3), r"src port: 59226 \(2 B\).*dst port: 53 \(2 B\)",
        field("udp.srcport", "span"), [34, 36], "3#3", r"8 bytes, four fields of 2"),
    Row("UDP 3: what Length counts", DNS, UDP_1, r"Length 65 = 8 \(header\) \+ 57 \(data\)",
        lambda found: datagrams(found)[0]["payload"], 57, "3#3"),
    Row("UDP 4: most bytes of payload", DNS, UDP_1, r"65535 - 8 = 65527 bytes, in IPv4 65535 - 20 - 8 = 65507",
        lambda found: (found["udp"]["most_payload"], found["udp"]["most_payload_ipv4"]), (65527, 65507), "3#3"),
    Row("UDP 5: greatest port", DNS, UDP_1, r"the greatest port is 65535", lambda found: found["udp"]["greatest_port"],
        65535, "3#3"),
    Row("UDP 6: protocol number", DNS, UDP_1, r"IP protocol 17 \(0x11\)", lambda found: found["udp"]["ip_protocol"], 17,
        "3#3"),
    Row("UDP 7: a pair, and how the ports are related", DNS, UDP_1,
        r"It answers packet 3: the DNS id is the same, and the two ports are turned round",
        lambda found: (datagrams(found)[1]["answers"], datagrams(found)[1]["tie"]), (3, "dns-id"), "3#4"),
    Row("UDP: a datagram refused", REFUSED, "datagrams -- --conversation 1",
        r"Packet 6, an ICMP error \(port unreachable\), quotes this datagram", lambda found: datagrams(found)[0]["refused"],
        6, "3#5"),
]  # fmt: skip

each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.question.split(":")[0])


@cache
def printed(command: str, capture: str, more: str) -> str:
    given = [str(CAPTURES / capture) if part == "--" else part for part in command.split()]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main([*given, *more.split()]) == 0
    return out.getvalue()


def flat(text: str) -> str:
    return " ".join(text.split())


@each_row
def test_the_text_answers(row: Row) -> None:
    said = flat(printed(row.command, row.capture, "--lang en"))
    assert re.search(row.text, said), f"{row.question}: {row.text!r} is not in\n{said[:3000]}"


@each_row
def test_the_json_answers(row: Row) -> None:
    command = row.command.replace(" --fields", "")
    lines = printed(command, row.capture, "--json")
    found = json.loads(lines.splitlines()[-1] if command.startswith("packets") else lines)
    assert row.answer(found) == row.is_


SCREENS: Final[dict[str, dict[str, str]]] = {}


@each_row
async def test_the_screen_answers(row: Row) -> None:
    if row.capture not in SCREENS:
        places = sorted({each.screen for each in ROWS if each.capture == row.capture})
        SCREENS[row.capture] = await screens(row.capture, places)
    said = SCREENS[row.capture][row.screen]
    assert re.search(row.seen or row.text, said), f"{row.question}: {row.seen or row.text!r} is not in\n{said[:4000]}"


async def screens(capture: str, places: list[str]) -> dict[str, str]:
    """What all panels of a view say, at 120 by 40, when a packet is selected: for each of some places."""
    source = open_capture(str(CAPTURES / capture))
    app = NetvizApp(Analyzer(source.info), source, "en", "dark")
    found = {}
    async with app.run_test(size=(120, 40)) as pilot:
        for place in places:
            view, _, packet = place.partition("#")
            await pilot.press(view)
            await settle(app, pilot)
            app.screen.post_message(Chosen(Target(int(packet))))
            await settle(app, pilot, int(packet))
            found[place] = flat("\n".join([*panel_texts(app), *(pages(app) if view == "3" else [])]))
    return found


async def settle(app: NetvizApp, pilot: Pilot[int], packet: int = 0) -> None:
    """Wait until the capture is read and the packet, if one is named, is selected and taken apart."""
    for _ in range(300):
        await pilot.pause()
        scene = app.scene
        read = app.store.finished and scene.version == app.store.version
        if read and (not packet or (scene.moment.selected == packet and scene.dissection is not None)):
            return
        await app.workers.wait_for_complete()
    raise AssertionError(f"packet {packet} is not on the screen")


def panel_texts(app: NetvizApp) -> list[str]:
    """The lines of each panel of the view, also of those that Tab would bring to the front."""
    scene, found = app.scene, []
    for pane in app.view.panes:
        if isinstance(pane, LinePanel):
            found += [line.text.plain for line in pane.drawn(scene, WIDTH, 40)]
        elif isinstance(pane, RowList):
            found += [pane.rows.row(scene, at, 116).plain for at in range(pane.rows.count(scene))]
    return found


def pages(app: NetvizApp) -> list[str]:
    """The graph panel's pages of numbers, and the Stevens graph, in the room that it has."""
    connection = chosen_connection(app.scene)
    if connection is None or app.scene.choice.conversation is not None:
        return []
    graphs = [
        draw_segments(app.scene, connection, "server", 72, 28),
        draw_numbers(app.scene, connection, "server", 2000, 28),
        draw_graph(app.scene, connection, trace_of(app.store, connection.id), "stevens", "server", 72, 28),
    ]
    return [line.plain.replace("▸", "") for graph in graphs for line in graph.lines]
