"""Loopback in the place of machines: a port that is taken is stepped over, on either family of addresses."""

import socket

import pytest

from netviz.lab import here
from netviz.lab.here import HERE, free_port, loopback_addresses, on_loopback
from netviz.lab.requirements import CannotRecord


@pytest.mark.parametrize("address", loopback_addresses())
def test_a_port_that_is_taken_is_stepped_over(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as taken:
        taken.bind((address, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) != port


def test_where_no_port_is_free_a_clear_word_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(here, "_is_free", lambda address, port: False)
    with pytest.raises(CannotRecord) as raised:
        free_port(8000)
    assert raised.value.key == "lab-no-free-port"


def test_both_ends_are_this_machine_and_each_wanted_port_has_its_stand_in() -> None:
    with on_loopback((8000, 7007)) as network:
        assert network.client is network.server is HERE
        assert set(network.ports) == {8000, 7007}
        assert network.port(8000) == network.ports[8000]
        assert network.port(1) == 1
    assert HERE.command("ping", "-c", "1") == ["ping", "-c", "1"]
