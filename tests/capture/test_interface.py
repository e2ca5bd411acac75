"""A live interface: frames arrive once, in order, counted; privileges are gone before anything is parsed."""

import os
import socket
import subprocess
import sys
import threading

import pytest

from netviz.capture.interface import LiveSource, interface_names, link_type_of
from netviz.errors import BadArgument, NotPermitted

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
    assert source.drops.queue == 0
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
    assert caught.value.details["filter"] == "tcp port and"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may capture")
def test_without_the_privilege_it_says_so() -> None:
    with pytest.raises(NotPermitted):
        LiveSource("lo")


def test_loopback_is_listed_as_ethernet() -> None:
    assert "lo" in interface_names()
    assert link_type_of("lo") == 1


_AFTER_THE_FALL = """
import os, socket, sys
from netviz.capture.interface import LiveSource
from netviz.capture.privileges import drop_privileges, effective_capabilities
source = LiveSource("lo")
identity = drop_privileges()
assert 0 not in os.getresuid() and 0 not in os.getresgid() and os.getgroups() == [], "still root"
assert identity.user == os.getuid()
assert effective_capabilities() == 0, "capabilities are left"
for attempt in (lambda: open(sys.argv[1]), lambda: os.setuid(0), lambda: LiveSource("lo")):
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
        [sys.executable, "-c", _AFTER_THE_FALL, str(secret)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["PermissionError", "PermissionError", "NotPermitted"]
