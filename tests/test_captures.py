"""Every capture that is shipped, held to the story that its programs told: what they did is found, and no more.

A story is written by the recording (`netviz.lab.record`) from what kernels, servers and browsers said. tshark is a
second witness: of netviz's counts, and of how the connections of the stories ended.
"""

import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.lab.scenarios import SCENARIOS
from netviz.lab.story import Story, Table, read_story
from netviz.model.protocols import Fragment, Protocol
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.lines import packet_line
from netviz.pipeline.store import Store
from netviz.tcp.connection import Connection, Role

CAPTURES = Path(__file__).parents[1] / "captures"
STORIES = sorted(CAPTURES.glob("*.toml"))
IP_ETHERTYPES = {0x0800: 4, 0x86DD: 6}
ECHO = {(4, "requests"): 8, (4, "replies"): 0, (6, "requests"): 128, (6, "replies"): 129}
SENT_AGAIN = ("retransmission", "fast-retransmission", "spurious-retransmission")

each_story = pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")

Finding = tuple[str, object, object]
"""What is compared, what the story tells, what netviz found."""


@cache
def store_of(path: Path) -> Store:
    """The analysed capture beside a story."""
    source = open_capture(str(capture_of(path)))
    return analyze(source)


def capture_of(path: Path) -> Path:
    return path.with_name(str(read_story(path).facts["file"]))


def test_every_scenario_has_its_capture_and_its_story() -> None:
    assert {path.stem for path in STORIES} == set(SCENARIOS)
    assert {path.name for path in CAPTURES.iterdir() if path.is_file()} == {
        name for scenario in SCENARIOS.values() for name in (scenario.file_name, f"{scenario.name}.toml")
    }


@each_story
def test_netviz_finds_what_the_programs_did(path: Path) -> None:
    story, store = read_story(path), store_of(path)
    findings = (
        *of_the_capture(story, store),
        *of_connections(story, store),
        *of_exchanges(story, store),
        *of_fetches(story, store),
        *of_lookups(story, store),
        *of_pings(story, store),
        *of_counters(story, store),
    )
    differing = [f"{what}: told {told!r}, found {found!r}" for what, told, found in findings if told != found]
    assert not differing, "\n".join(differing)


def of_the_capture(story: Story, store: Store) -> Iterator[Finding]:
    facts, packets = story.facts, store.packets
    yield "packets", facts["packets"], len(packets)
    yield "format", facts["format"], store.info.format
    yield "cut short", False, store.info.cut_short
    yield "comments", [facts["comment"]] if "comment" in facts else [], store.info.comments
    yield "link types", {facts["link_type"]}, set(packets["link_type"].tolist())
    versions = {IP_ETHERTYPES[each] for each in packets["ethertype"].tolist() if each in IP_ETHERTYPES}
    yield "IP versions", set(facts["ip_versions"]), versions  # type: ignore[arg-type]
    finer = bool((packets["time"] % 1000).any())
    yield "nanoseconds", facts["time_unit"] == "nanosecond", finer
    yield "broken packets", 0, int(packets["broken"].astype(bool).sum())
    if "vlan" in facts:
        tags = {packets.frame(row)[12:16].hex() for row in range(len(packets))}
        yield "802.1Q tags", {f"8100{facts['vlan']:04x}"}, tags
        yield "network header after the tag", {18}, set(packets["network_offset"].tolist())


def of_connections(story: Story, store: Store) -> Iterator[Finding]:
    found = {(str(each.client), str(each.server)): each for each in connections(store)}
    yield "connections", {(told["client"], told["server"]) for told in story.connections}, set(found)
    for told in story.connections:
        connection = found.get((str(told["client"]), str(told["server"])))
        if connection is None:
            continue
        as_found: Table = {
            "opening": connection.opening.value,
            "closing": connection.closing.value,
            "active_closer": connection.close_steps.active_closer or "none",
            "bytes_server": connection.bytes["server"],
        }
        for what in as_found.keys() & told.keys():
            yield f"{what} of {told['client']}", told[what], as_found[what]
        yield f"illegal steps of {told['client']}", [], [step for step in connection.transitions if step.illegal]
        yield f"client of {told['client']} is inferred", False, connection.client_is_inferred


def of_exchanges(story: Story, store: Store) -> Iterator[Finding]:
    told, found = defaultdict(list), defaultdict(list)
    for each in story.exchanges:
        told[each["client_port"], each["server"]].append((each["method"], each["target"], each["status"]))
    for exchange in store.exchanges:
        read = store.read(exchange.id)
        assert read.request is not None and read.response is not None
        server = store.connection(exchange.connection).server
        seen = (read.request.method, read.request.target, read.response.status)
        found[read.client_port, str(server)].append(seen)
        assert exchange.request is not None and exchange.response is not None
        yield f"{seen} is complete", True, exchange.request.complete and exchange.response.complete
    yield "exchanges", dict(told), dict(found)


def of_fetches(story: Story, store: Store) -> Iterator[Finding]:
    judged = {(fetch.url, fetch.method): fetch for fetch in store.judgement("chromium").fetches}
    for told in story.fetches:
        what = f"{told['method']} {told['url']}"
        fetch = judged.get((str(told["url"]), str(told["method"])))
        yield f"{what} is a fetch", True, fetch is not None
        if fetch is None:
            continue
        yield f"kind of {what}", told["kind"], fetch.kind
        yield f"verdict on {what}", told["verdict"], fetch.verdict
        yield f"code of {what}", told.get("code"), fetch.code
        mode = "include" if told["credentials"] == "include" else "omit"
        if told["kind"] != "same-origin" and fetch.credentials.mode != "unknown":
            yield f"credentials of {what}", mode, fetch.credentials.mode
        if told["verdict"] in ("allowed", "not-applicable"):
            last = store.read(fetch.exchanges[-1]).response
            yield f"status of {what}", told["status"], last and last.status
        if told["verdict"] == "allowed":
            readable = sorted(name.lower() for name in fetch.readable_headers)
            yield f"readable headers of {what}", told["readable_headers"], readable
    decided = {key for key, fetch in judged.items() if fetch.verdict in ("allowed", "blocked")}
    expected = {(each["url"], each["method"]) for each in story.fetches if each["verdict"] in ("allowed", "blocked")}
    yield "fetches that CORS decided", expected, decided


def of_lookups(story: Story, store: Store) -> Iterator[Finding]:
    rows = rows_of(store, Protocol.DNS)
    yield "DNS messages", 2 * len(story.lookups), len(rows)
    said = "\n".join(packet_line(store, row).info for row in rows)
    for told in story.lookups:
        yield f"{told['name']} in the list", True, str(told["name"]) in said
        yield f"{told['type']} in the list", True, str(told["type"]) in said


def of_pings(story: Story, store: Store) -> Iterator[Finding]:
    for told in story.pings:
        version = int(told["ip_version"])  # type: ignore[arg-type]
        rows = [
            row
            for row in rows_of(store, Protocol.ICMP if version == 4 else Protocol.ICMPV6)
            if store.packets.value("fragment", row) in (Fragment.WHOLE, Fragment.COMPLETED)
        ]
        for what in ("requests", "replies"):
            number = sum(store.packets.value("flags", row) >> 8 == ECHO[version, what] for row in rows)
            yield f"echo {what} in IPv{version}", told[what], number


def of_counters(story: Story, store: Store) -> Iterator[Finding]:
    counters = story.counters
    if "server.Tcp.RetransSegs" in counters:
        yield "segments sent again", counters["server.Tcp.RetransSegs"], len(named(store, "server", *SENT_AGAIN))
    if "server.TcpExt.TCPFastRetrans" in counters:
        found = len(named(store, "server", "fast-retransmission"))
        yield "fast retransmissions", counters["server.TcpExt.TCPFastRetrans"], found
    if "server.TcpExt.TCPWinProbe" in counters:
        probes = named(store, "server", "zero-window-probe", "keep-alive")
        yield "window probes", counters["server.TcpExt.TCPWinProbe"], len(probes)
    if "client.TcpExt.TCPToZeroWindowAdv" in counters:
        closed = len(named(store, "client", "zero-window"))
        yield "windows closed at least", True, closed >= int(counters["client.TcpExt.TCPToZeroWindowAdv"])  # type: ignore[arg-type]


def connections(store: Store) -> list[Connection]:
    return [store.connection(number) for number in range(store.connection_count())]


def rows_of(store: Store, protocol: Protocol) -> list[int]:
    return [row for row, each in enumerate(store.packets["protocol"].tolist()) if each == protocol]


def named(store: Store, role: Role, *names: str) -> set[int]:
    """Packets of one side that have any of these analysis names."""
    return {
        packet
        for connection in connections(store)
        for name in names
        for packet in connection.analysis.get(name, {}).get(role, [])
    }


FIELDS = ("tcp.stream", "http.request.method", "http.response.code", "dns.flags.response")


@cache
def tshark(path: Path, *fields: str) -> list[list[list[str]]]:
    """What tshark says: packet -> field -> values."""
    options = [part for field in fields for part in ("-e", field)]
    command = ["tshark", "-n", "-r", str(path), "-T", "fields", "-E", "separator=/t", "-E", "aggregator=;", *options]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [[value.split(";") if value else [] for value in line.split("\t")] for line in said.splitlines()]


@pytest.mark.oracle
@needs_tshark
@each_story
def test_tshark_counts_the_same(path: Path) -> None:
    store = store_of(path)
    packets = tshark(capture_of(path), *FIELDS)
    streams, requests, responses, dns = ([value for packet in packets for value in packet[at]] for at in range(4))
    reads = [store.read(exchange.id) for exchange in store.exchanges]
    found = {
        "packets": len(store.packets),
        "streams": store.connection_count(),
        "requests": [read.request.method for read in reads if read.request is not None],
        "statuses": [
            *(read.response.status for read in reads if read.response is not None),
            *(interim.status for read in reads for interim in read.exchange.interim),
        ],
        "dns": len(rows_of(store, Protocol.DNS)),
    }
    assert found["requests"] == requests or sorted(found["requests"]) == sorted(requests)
    assert sorted(found["statuses"]) == sorted(int(each) for each in responses)
    assert (found["packets"], found["streams"], found["dns"]) == (len(packets), len(set(streams)), len(dns))


@pytest.mark.oracle
@needs_tshark
@each_story
def test_stories_ask_what_tshark_saw(path: Path) -> None:
    """A witness for the names in the stories: every answer with its type and status."""
    kinds, statuses = {"1": "A", "28": "AAAA", "65": "HTTPS"}, {"0": "NOERROR", "3": "NXDOMAIN"}
    said = tshark(capture_of(path), "dns.qry.name", "dns.qry.type", "dns.flags.rcode")
    seen = [(name[0], kinds[kind[0]], statuses[status[0]]) for name, kind, status in said if status]
    assert sorted(seen) == sorted((each["name"], each["type"], each["status"]) for each in read_story(path).lookups)


@pytest.mark.oracle
@needs_tshark
@each_story
def test_stories_end_as_tshark_saw_it(path: Path) -> None:
    """A witness for the stories themselves: who sent FIN or RST first, and whether the first FIN was answered alone."""
    ends = defaultdict(list)
    fields = ("ipv6.src", "ip.src", "tcp.srcport", "tcp.stream", "tcp.flags", "tcp.nxtseq", "tcp.ack")
    for six, four, port, stream, flags, following, acknowledged in tshark(capture_of(path), *fields):
        if stream:
            sender = f"[{six[0]}]:{port[0]}" if six else f"{four[0]}:{port[0]}"
            ends[stream[0]].append((sender, int(flags[0], 16), int(following[0]), int(acknowledged[0])))
    seen = {segments[0][0]: closing(segments) for segments in ends.values()}
    for told in read_story(path).connections:
        word, closer = seen[str(told["client"])]
        assert told.get("closing", word) == word
        if "active_closer" in told:
            assert closer == told[str(told["active_closer"])]


def closing(segments: list[tuple[str, int, int, int]]) -> tuple[str, str | None]:
    """How a connection ended, from tshark's fields alone, and who began it."""
    fin, rst, syn = 1, 4, 2
    if not any(flags & syn and flags & 16 for _, flags, _, _ in segments):
        return "none", None
    for at, (sender, flags, following, _) in enumerate(segments):
        if flags & rst:
            return "reset", sender
        if flags & fin:
            answers = (each for each in segments[at + 1 :] if each[0] != sender and each[3] >= following)
            return ("three-segment" if next(answers)[1] & fin else "four-way"), sender
    return "open", None
