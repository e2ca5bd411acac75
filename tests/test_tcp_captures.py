"""TCP on the captures that are shipped: what netviz says of each segment, held against tshark.

A difference that is meant stands in DIFFERENCES with its reason.
"""

import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from netviz.capture.opening import open_capture
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.store import Store

CAPTURES = Path(__file__).parents[1] / "captures"
FILES = sorted(path for path in CAPTURES.iterdir() if path.suffix in (".pcap", ".pcapng"))
FIELDS = ["frame.number", "tcp.stream", "tcp.window_size", "tcp.analysis.bytes_in_flight", "tcp.analysis.ack_rtt"]

DIFFERENCES = {
    ("http-loss.pcap", 28, "in-flight"): "a segment that was lost before the capture is in flight as well",
    ("refused.pcap", 4, "rtt"): "a reset is no acknowledgement that a sender takes a sample of",
    ("zero-window.pcap", 12, "rtt"): "of a probe and a segment with the same byte it is not known which one arrived",
}

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")


@cache
def store_of(path: Path) -> Store:
    return analyze(open_capture(str(path)))


@cache
def tshark(path: Path, *fields: str) -> list[list[str]]:
    options = [part for field in fields for part in ("-e", field)]
    command = ["tshark", "-n", "-r", str(path), "-Y", "tcp", "-T", "fields", "-E", "occurrence=l", *options]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [line.split("\t") for line in said.splitlines()]


@pytest.mark.oracle
@needs_tshark
@each_file
def test_windows_bytes_in_flight_and_round_trips_are_those_of_tshark(path: Path) -> None:
    store = store_of(path)
    differences = set()
    for number, stream, window, in_flight, rtt in tshark(path, *FIELDS):
        packet = int(number)
        series = store.series(int(stream))
        index = series.upto(packet) - 1
        sender, other = series.directions[series.sides[index]], series.directions[1 - series.sides[index]]
        sample = np.flatnonzero(other.rtt.packets == packet)
        found = {
            "window": str(sender.window[sender.upto(packet) - 1]) if window else "",
            "in-flight": str(sender.in_flight[index]) if in_flight else "",
            "rtt": f"{other.rtt.samples[sample[0]] / 1e9:.9f}" if len(sample) else "",
        }
        said = {"window": window, "in-flight": in_flight, "rtt": rtt}
        differences |= {(path.name, packet, name) for name in found if found[name] != said[name]}
    assert differences == {each for each in DIFFERENCES if each[0] == path.name}
