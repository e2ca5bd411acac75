"""Namespaces are machines of their own, and are gone afterwards whatever happened."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from netviz.lab.namespaces import PREFIX, namespace, remove_abandoned, run
from netviz.lab.networks import CLIENT, SERVER, direct
from netviz.lab.requirements import CannotRecord

pytestmark = pytest.mark.usefixtures("may_make_namespaces")


def existing() -> set[str]:
    return {line.split()[0] for line in run("ip", "netns", "list").splitlines()}


def network_of_this_thread() -> str:
    return os.readlink("/proc/thread-self/ns/net")


def test_this_thread_is_inside_for_the_time_of_a_block_only() -> None:
    home = network_of_this_thread()
    with namespace("test") as machine:
        with pytest.raises(ZeroDivisionError), machine.entered():
            assert network_of_this_thread() != home
            assert "lo" in [name for _, name in socket.if_nameindex()]
            _ = 1 // 0
        assert network_of_this_thread() == home
    assert machine.name not in existing()


def test_a_namespace_goes_away_with_an_exception() -> None:
    with pytest.raises(KeyboardInterrupt), namespace("test") as machine:
        machine.resolve_with("10.9.0.1")
        assert (Path("/etc/netns") / machine.name / "resolv.conf").read_text().startswith("nameserver 10.9.0.1\n")
        raise KeyboardInterrupt
    assert machine.name not in existing()
    assert not (Path("/etc/netns") / machine.name).exists()


def test_kernels_count_for_each_machine_by_itself() -> None:
    with direct() as network:
        assert network.client.counter("Tcp.ActiveOpens") == 0
        with network.server.entered():
            listener = socket.create_server((SERVER, 0))
        with network.client.entered():
            client = socket.socket()
        with listener, client:
            client.connect(listener.getsockname())
            assert client.getsockname()[0] == CLIENT
        counted = [machine.counter("Tcp.ActiveOpens") for machine in (network.client, network.server)]
        assert counted == [1, 0]
        with pytest.raises(CannotRecord):
            network.client.counter("Tcp.NoSuchCounter")


def test_what_a_killed_recording_left_is_removed_and_nothing_else() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = f"{PREFIX}{ended.pid}-client"
    run("ip", "netns", "add", left)
    with namespace("test") as machine:
        assert left in remove_abandoned()
        assert machine.name in existing()
    assert left not in existing() and str(os.getpid()) not in " ".join(existing())
