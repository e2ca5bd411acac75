"""A live interface: frames arrive once, in order, counted; privileges are gone before anything is parsed."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from netviz.capture.interface import LiveSource
from netviz.capture.interfaces import interface_names, link_type_of
from netviz.capture.opening import open_capture
from netviz.capture.recording import Portion
from netviz.errors import BadArgument, NotPermitted
from netviz.model.limits import Limits

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="capturing needs root here")


def send(port: int, count: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for number in range(count):
            out.sendto(b"netviz %d" % number, ("127.0.0.1", port))


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@needs_root
def test_loopback_frames_arrive_once_and_in_order() -> None:
    port = free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", port))
        source = LiveSource("lo", f"udp dst port {port}", count=5)
        sender = threading.Thread(target=send, args=(port, 5))
        sender.start()
        frames = [batch.frame(index) for batch in source.batches() for index in range(len(batch))]
        sender.join()
    assert [frame[-8:] for frame in frames] == [b"netviz %d" % number for number in range(5)]
    assert source.state.lost == 0 and source.state.captured == 5
    assert [note.key for note in source.state.notes] == ["loopback"]
    assert source.info.interfaces[0].link_type == 1


@needs_root
def test_snaplen_cuts_what_is_kept_but_not_what_is_told() -> None:
    port = free_port()
    source = LiveSource("lo", f"udp dst port {port}", count=1, snaplen=20)
    threading.Thread(target=send, args=(port, 1)).start()
    (batch,) = list(source.batches())
    assert batch.captured.tolist() == [20]
    assert batch.lengths.tolist() == [14 + 20 + 8 + 8]


@needs_root
def test_closing_from_another_thread_ends_the_batches() -> None:
    source = LiveSource("lo", f"udp dst port {free_port()}")
    threading.Timer(0.1, source.close).start()
    assert list(source.batches()) == []


def test_an_unknown_interface_is_named_with_those_there_are() -> None:
    with pytest.raises(BadArgument) as caught:
        LiveSource("no-such-interface0")
    assert caught.value.key == "no-such-interface"
    assert "lo" in str(caught.value.details["known"])


def test_a_filter_that_does_not_compile_is_refused_in_words() -> None:
    with pytest.raises(BadArgument) as caught:
        LiveSource("lo", "tcp port and")
    assert caught.value.key in ("bad-filter", "no-libpcap")
    assert "tcp port" in str(caught.value.details)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may capture")
def test_without_the_privilege_it_says_so() -> None:
    with pytest.raises(NotPermitted):
        LiveSource("lo")


def test_loopback_is_listed_as_ethernet() -> None:
    assert "lo" in interface_names()
    assert link_type_of("lo") == 1


@needs_root
def test_what_is_written_is_what_is_delivered_and_readable(tmp_path: Path) -> None:
    port = free_port()
    source = LiveSource("lo", f"udp dst port {port}", count=40)
    source.record(str(tmp_path / "written.pcapng"))
    source.start()
    send(port, 40)
    shown = [batch.frame(index) for batch in source.batches() for index in range(len(batch))]
    capture = open_capture(str(tmp_path / "written.pcapng"))
    written = [batch.frame(index) for batch in capture.batches() for index in range(len(batch))]
    assert written == shown and len(shown) == 40
    assert capture.info.interfaces[0].name == "lo" and capture.info.interfaces[0].dropped == 0
    assert source.state.written == 40


@needs_root
def test_stopping_delivers_what_had_arrived() -> None:
    port = free_port()
    source = LiveSource("lo", f"udp dst port {port}")
    source.start()
    send(port, 7)
    source.stop()
    assert sum(map(len, source.batches())) == 7


@needs_root
def test_a_bound_on_what_is_kept_stops_neither_the_count_nor_the_file(tmp_path: Path) -> None:
    port = free_port()
    limits = Limits(live_packets=10)
    source = LiveSource("lo", f"udp dst port {port}", count=25, limits=limits)
    source.record(str(tmp_path / "all.pcapng"))
    source.start()
    send(port, 25)
    assert sum(map(len, source.batches())) == 10
    assert (source.state.captured, source.state.written, source.state.not_kept) == (25, 25, 15)
    assert source.info.limit_counter.counts["live_packets"] == 15
    assert "live_packets" in [note.key for note in source.state.notes]
    assert source.state.fill == 1.0


@needs_root
def test_scapys_socket_delivers_the_same_where_there_is_no_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETVIZ_CAPTURE", "socket")
    port = free_port()
    source = LiveSource("lo", f"udp dst port {port}", count=5)
    source.start()
    send(port, 5)
    frames = [batch.frame(index)[-8:] for batch in source.batches() for index in range(len(batch))]
    assert frames == [b"netviz %d" % number for number in range(5)]
    assert source.state.way == "socket"


@needs_root
def test_capture_ends_by_itself_after_its_time() -> None:
    source = LiveSource("lo", f"udp dst port {free_port()}", until=Portion(seconds=0.05))
    assert list(source.batches()) == []
    assert not source.info.cut_short


_IN_A_NAMESPACE = """
import json, socket, subprocess, threading, time
from netviz.capture.interface import LiveSource

def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)

ip("link", "add", "va", "type", "veth", "peer", "name", "vb")
ip("link", "set", "va", "up"); ip("link", "set", "vb", "up"); ip("link", "set", "lo", "up")
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
out.bind(("va", 0))
FRAME = bytes.fromhex("ffffffffffff020000000001" "8100a005" "88b5") + bytes(range(40))

def wait(condition):
    until = time.monotonic() + 8
    while not condition() and time.monotonic() < until:
        threading.Event().wait(0.01)

source = LiveSource(["vb", "lo"], FILTER)
frames, interfaces = [], []
def read():
    for batch in source.batches():
        frames.extend(batch.frame(index).hex() for index in range(len(batch)))
        interfaces.extend(batch.interfaces.tolist())
reader = threading.Thread(target=read); reader.start()
out.send(FRAME)
wait(lambda: len(frames) == 1)
ip("link", "set", "vb", "down")
wait(lambda: any(note.key == "down" for note in source.state.notes))
ip("link", "set", "vb", "up")
wait(lambda: "state UP" in subprocess.run(["ip", "link", "show", "vb"], capture_output=True, text=True).stdout)
out.send(FRAME)
wait(lambda: len(frames) == 2)
ip("link", "delete", "vb")
wait(lambda: any(note.key == "gone" for note in source.state.notes))
source.stop(); reader.join()
print(json.dumps([frames, interfaces, [note.key for note in source.state.notes], FRAME.hex()]))
"""


@needs_root
@pytest.mark.skipif(not shutil.which("ip") or not shutil.which("unshare"), reason="needs ip and unshare")
def test_tags_are_put_back_and_an_interface_may_go_down_come_up_and_vanish() -> None:
    script = _IN_A_NAMESPACE.replace("FILTER)", "'vlan 5')")
    run = subprocess.run(
        ["unshare", "-n", sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    if "unshare failed" in run.stderr or "Unknown device type" in run.stderr:
        pytest.skip(run.stderr.strip())
    assert run.returncode == 0, run.stderr
    frames, interfaces, notes, sent = json.loads(run.stdout)
    assert frames == [sent, sent]
    assert interfaces == [0, 0]
    assert notes == ["loopback", "down", "up-again", "gone"]


_AFTER_THE_FALL = """
import os, socket, sys
from netviz.capture.interface import LiveSource
from netviz.capture.privileges import drop_privileges, effective_capabilities
source = LiveSource("lo")
identity = drop_privileges()
assert 0 not in os.getresuid() and 0 not in os.getresgid() and os.getgroups() == [], "still root"
assert identity.user == os.getuid()
assert effective_capabilities() == 0, "capabilities are left"
source.start()
for thread in os.listdir("/proc/self/task"):
    status = dict(line.split(":", 1) for line in open(f"/proc/self/task/{thread}/status"))
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[name], 16) == 0, (thread, name, status[name])
    assert status["NoNewPrivs"].strip() == "1" and "0" not in status["Uid"].split(), status
packet_socket = lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
for attempt in (lambda: open(sys.argv[1]), lambda: os.setuid(0), lambda: LiveSource("lo"), packet_socket):
    try:
        attempt()
    except Exception as error:
        print(type(error).__name__)
    else:
        raise SystemExit("a privileged step still works")
"""


@needs_root
def test_nothing_privileged_works_after_the_fall(tmp_path) -> None:  # type: ignore[no-untyped-def]
    secret = tmp_path / "secret"
    secret.write_text("root only")
    secret.chmod(0o600)
    run = subprocess.run(
        [sys.executable, "-c", _AFTER_THE_FALL, str(secret)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["PermissionError", "PermissionError", "NotPermitted", "PermissionError"]


@needs_root
def test_who_stops_it_before_it_began_gets_what_had_arrived() -> None:
    port = free_port()
    source = LiveSource("lo", f"udp dst port {port}")
    send(port, 3)
    source.stop()
    assert sum(map(len, source.batches())) == 3
