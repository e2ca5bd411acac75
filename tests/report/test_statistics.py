"""`netviz statistics`: the hierarchy as a tree, numbers that tshark agrees with, words in both languages."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.cli.main import main
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.hierarchy import flattened, hierarchy, names_of
from netviz.pipeline.statistics import Stack
from netviz.report.statistics import document

CAPTURES = Path(__file__).parents[2] / "captures"
NAMES = ["demo", "http-loss", "ipv6-http", "ip-fragments", "vlan", "udp-dns"]


def found_in(name: str) -> dict:
    (path,) = CAPTURES.glob(f"{name}.pcap*")
    return document(analyze(open_capture(str(path))))


def test_what_is_carried_stands_under_what_carries_it():
    stacks = [Stack(1, 0x0800, 6, 13, 3, 300), Stack(1, 0x0800, 6, 8, 5, 500), Stack(1, 0x0806, 255, 2, 1, 42)]
    assert names_of(stacks[0]) == ["Ethernet", "IPv4", "TCP", "HTTP"]
    rows = [(each.depth, each.protocol, each.packets, each.ends) for each in flattened(hierarchy(stacks))]
    assert rows == [(0, "Ethernet", 9, 0), (1, "IPv4", 8, 0), (2, "TCP", 8, 5), (3, "HTTP", 3, 3), (1, "ARP", 1, 1)]


@pytest.mark.parametrize("name", NAMES)
def test_conversations_are_those_of_tshark(name):
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed")
    (path,) = CAPTURES.glob(f"{name}.pcap*")
    for protocol in ("tcp", "udp"):
        run = subprocess.run(
            ["tshark", "-nr", str(path), "-q", "-z", f"conv,{protocol}"],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        theirs = {tuple(sorted(line.split()[:3:2])) for line in run.stdout.splitlines() if "<->" in line}
        total = {
            frozenset(line.split()[:3:2]): int(re.split(r"\s+", line)[9])
            for line in run.stdout.splitlines()
            if re.match(r"\S+\s+<->", line)
        }
        ours = [each for each in found_in(name)["conversations"] if each["protocol"] == protocol.upper()]
        named = {
            frozenset(f"{end['address']}:{end['port']}" for end in (each["a"], each["b"])): (
                each["packets_a_to_b"] + each["packets_b_to_a"]
            )
            for each in ours
        }
        assert set(named) == set(total) and len(theirs) == len(named)
        if name != "ip-fragments":
            # tshark counts every fragment of a datagram, netviz the datagram once.
            assert named == total


def test_the_document_has_what_it_promises():
    found = found_in("demo")
    assert found["packets"] == 82 and found["bytes"] == sum(found["layer_bytes"].values()) == 17_868
    (ethernet,) = found["hierarchy"]
    assert [each["protocol"] for each in ethernet["carries"]] == ["IPv4", "ARP"]
    assert sum(found["rates"]["packets"]) == 82 and found["lengths"]["greatest"] == 1514
    assert found["transports"]["udp"]["header_bytes"] == 64 and found["tcp_flags"] == {"SYN": 8, "FIN": 8, "RST": 1}
    assert found_in("http-loss")["analysis"]["retransmission"] == 1


@pytest.mark.parametrize(("language", "words"), [("en", "Endpoints"), ("ko", "종단점")])
def test_a_person_reads_it_in_either_language(capsys, language, words):
    assert main(["statistics", str(CAPTURES / "demo.pcapng"), "--lang", language]) == 0
    printed = capsys.readouterr().out
    assert words in printed and "10.9.0.2" in printed and "DNS" in printed


def test_a_filter_chooses_what_is_counted(capsys):
    assert main(["statistics", str(CAPTURES / "demo.pcapng"), "-Y", "udp", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["packets"] == 8 and all(each["protocol"] == "UDP" for each in found["conversations"])
    numbers = [each["first_packet"] for each in found["conversations"]]
    assert numbers == sorted(numbers) and numbers[0] > 1
