"""Putting a capture on an interface: only where it reaches nobody, and only frames that belong there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from netviz.capture import sending
from netviz.capture.interfaces import interface_names, interfaces, nearest, traffic
from netviz.capture.sending import Sender, reaches_nobody
from netviz.errors import BadArgument

CAPTURES = Path(__file__).parents[2] / "captures"


def test_loopback_reaches_nobody_and_other_interfaces_of_the_machine_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reaches_nobody("lo")
    monkeypatch.setattr(sending, "_FIRST_NAMESPACE", sending._OWN_NAMESPACE)
    monkeypatch.setattr(sending, "interface_names", lambda: ["lo", "eth9"])
    assert not reaches_nobody("eth9")
    with pytest.raises(BadArgument) as caught:
        Sender("eth9")
    assert caught.value.key == "replay-real-network"


def test_an_interface_that_is_not_there_is_named_with_the_nearest_first() -> None:
    with pytest.raises(BadArgument) as caught:
        Sender("lo0", anywhere=True)
    assert str(caught.value.details["known"]).startswith("lo")
    assert nearest("etho", ["lo", "wlan0", "eth0"])[0] == "eth0"


def test_interfaces_are_described() -> None:
    found = {each.name: each for each in interfaces()}
    assert set(found) == set(interface_names())
    assert found["lo"].loopback and found["lo"].link_type == 1
    assert not found["lo"].up or "127.0.0.1/8" in found["lo"].addresses
    assert traffic("no-such-interface0") == (0, 0)


_REPLAYED = """
import json, subprocess, sys, threading
from netviz.capture.interface import LiveSource
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
source = LiveSource("lo", "", count=int(sys.argv[2]))
source.start()
subprocess.run([sys.executable, "-m", "netviz", "replay", sys.argv[1], "-i", "lo", "--speed", "1000"], check=True)
timer = threading.Timer(5, source.stop); timer.start()
print(json.dumps([batch.frame(index).hex() for batch in source.batches() for index in range(len(batch))]))
timer.cancel()
"""


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="needs root and unshare")
def test_what_is_sent_is_what_the_capture_holds() -> None:
    from netviz.capture.opening import open_capture

    path = CAPTURES / "arp-ping.pcap"
    path = path if path.exists() else next(CAPTURES.glob("arp-ping.pcap*"))
    held = [batch.frame(index).hex() for batch in open_capture(str(path)).batches() for index in range(len(batch))]
    run = subprocess.run(
        ["unshare", "-n", sys.executable, "-c", _REPLAYED, str(path), str(len(held))],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if "unshare failed" in run.stderr:
        pytest.skip(run.stderr.strip())
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == held
