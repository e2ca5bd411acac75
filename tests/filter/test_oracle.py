"""tshark's display filter is the oracle: the same filter finds the same packets in the shipped captures."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.filter.rows import FilteredRows, Reading
from netviz.pipeline.analyzer import analyze

HERE = Path(__file__).parent
CAPTURES = Path(__file__).parents[2] / "captures"
FILTERS = (HERE / "filters.txt").read_text(encoding="utf-8").splitlines()
NAMES = (
    "arp-ping", "cookies-login", "demo", "http-keep-alive", "http-loss", "http-pipelining", "ip-fragments", "ipv6-http",
    "reset", "vlan", "websocket", "websocket-violations",
)  # fmt: skip


def oracle(capture: Path, filters: list[str], folder: Path) -> dict[str, list[int]]:
    """Packet numbers of each filter, all asked of one run of tshark."""
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed")
    listed = folder / "filters.txt"
    listed.write_text("\n".join(filters) + "\n", encoding="utf-8")
    run = subprocess.run(
        ["tshark", "-n", "-q", "-X", f"lua_script:{HERE / 'taps.lua'}", "-r", str(capture)],
        env={**os.environ, "FILTERS": str(listed)}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    if run.returncode:
        pytest.skip(f"this tshark can not run the taps: {run.stderr[-200:]}")
    found: dict[str, list[int]] = {text: [] for text in filters}
    for line in run.stdout.splitlines():
        number, packet = line.split()
        found[filters[int(number) - 1]].append(int(packet))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_same_filter_finds_the_same_packets(name: str, tmp_path: Path) -> None:
    (capture,) = CAPTURES.glob(f"{name}.pcap*")
    expected = oracle(capture, FILTERS, tmp_path)
    reading = Reading(analyze(open_capture(str(capture))))
    found = {text: (FilteredRows(text, reading).update() + 1).tolist() for text in FILTERS}
    assert found == expected
