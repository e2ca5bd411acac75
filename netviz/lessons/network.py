"""Lessons below HTTP: encapsulation, names and addresses, TCP's opening, closing, losses and windows."""

from typing import Final

from netviz.lessons.lesson import Lesson, Step

ENCAPSULATION: Final = Lesson(
    "encapsulation",
    "demo.pcapng",
    (
        Step("request", 1, "http.request.method == GET", field="http.start_line"),
        Step("boxes", 1, "http.request.method == GET", field="ip.ttl"),
        Step("ports", 1, "http.request.method == GET && tcp.dstport == 80", field="tcp.dstport"),
        Step("down", 2, "http.request.method == GET"),
        Step("no-payload", 1, "tcp.flags.syn == 1 && tcp.flags.ack == 0"),
        Step("find-udp", 1, "udp", asks=True),
        Step("find-broadcast", 1, "eth.dst == ff:ff:ff:ff:ff:ff", asks=True),
    ),
)

HANDSHAKE: Final = Lesson(
    "handshake",
    "handshake-four-way-close.pcap",
    (
        Step("arp", 1, "arp.opcode == 1", field="arp.opcode"),
        Step("syn", 3, "tcp.flags.syn == 1 && tcp.flags.ack == 0"),
        Step("syn-ack", 3, "tcp.flags.syn == 1 && tcp.flags.ack == 1"),
        Step("ack", 3, "tcp.flags.syn == 0 && tcp.ack == 1"),
        Step("data", 3, "tcp.len > 0"),
        Step("find-fin", 3, "tcp.flags.fin == 1 && ip.src == 10.9.0.2", asks=True),
        Step("close-wait", 3, 'tcp.state.server == "CLOSE-WAIT"', nth=2),
        Step("find-server-fin", 3, "tcp.flags.fin == 1 && ip.src == 10.9.0.1", asks=True),
        Step("time-wait", 3, 'tcp.state.client == "TIME-WAIT"', nth=2),
    ),
)

THREE_SEGMENTS: Final = Lesson(
    "three-segments",
    "three-segment-close.pcap",
    (
        Step("data", 3, "tcp.len > 0"),
        Step("find-first-fin", 3, "tcp.flags.fin == 1 && ip.src == 10.9.0.1", asks=True),
        Step("both", 3, "tcp.flags.fin == 1 && ip.src == 10.9.0.2"),
        Step("time-wait", 3, 'tcp.state.server == "TIME-WAIT"', nth=2),
    ),
)

LOSS: Final = Lesson(
    "loss",
    "http-loss.pcap",
    (
        Step("request", 3, "http.request"),
        Step("burst", 3, "tcp.len > 1000"),
        Step("find-duplicate", 3, "tcp.analysis.duplicate_ack", asks=True),
        Step("find-retransmission", 3, "tcp.analysis.retransmission", asks=True),
        Step("whole", 3, "tcp.ack > 14000 && ip.src == 10.9.0.2"),
    ),
)

WINDOW: Final = Lesson(
    "window",
    "zero-window.pcap",
    (
        Step("offer", 3, "tcp.flags.syn == 1 && tcp.flags.ack == 0 && tcp.window_size_value == 2920"),
        Step("fills", 3, "tcp.analysis.window_full"),
        Step("find-zero", 3, "tcp.analysis.zero_window", asks=True),
        Step("probe", 3, "tcp.analysis.zero_window_probe"),
        Step("opens", 3, "tcp.analysis.window_update"),
    ),
)

DATAGRAMS: Final = Lesson(
    "datagrams",
    "udp-dns.pcap",
    (
        Step("query", 1, "udp && dns.flags.response == 0", field="udp.length"),
        Step("answer", 1, "dns.flags.response == 1", field="dns.id"),
        Step("none", 6, "udp"),
        Step("find-missing", 1, "dns.flags.rcode == 3", asks=True),
    ),
)
