"""Every lab starts, and its clients do what it is about, on loopback without any privilege, or on machines as root."""

import os

import pytest

from netviz.lab.laboratory import Choices, Place
from netviz.lab.labs import LABS
from netviz.lab.line import Line
from netviz.lab.requirements import missing_programs
from netviz.lab.story import Story

_FIRST_PORT = 20_000 + os.getpid() % 20_000
"""Of each test process its own, so that two that run at once do not look for the same free port."""

ON_LOOPBACK = [name for name, lab in LABS.items() if "loopback" in lab.places]
ON_MACHINES = [name for name, lab in LABS.items() if "machines" in lab.places and "loopback" not in lab.places]


def played(name: str, place: Place, line: Line | None = None) -> Story:
    story = Story()
    with LABS[name].start(Choices(place, line=line, port=_FIRST_PORT)) as running:
        assert running.machines
        assert running.pages or running.commands
        assert bool(running.filter) is (place == "loopback")
        if running.play is not None:
            running.play(story)
        for log in running.logs:
            story.exchanges += log
    return story


@pytest.mark.parametrize("name", ON_LOOPBACK)
def test_a_lab_plays_on_loopback(name: str) -> None:
    story = played(name, "loopback")
    assert name == "cors" or story.connections or story.exchanges or story.lookups


@pytest.mark.parametrize("name", ON_MACHINES)
def test_a_lab_plays_on_machines(name: str, may_make_namespaces: None) -> None:
    if missing := missing_programs(LABS[name].programs):
        pytest.skip(f"not installed: {', '.join(missing)}")
    story = played(name, "machines")
    assert story.connections or story.lookups or story.pings or story.counters


def test_a_traceroute_meets_the_router_and_then_the_server(may_make_namespaces: None) -> None:
    lookups = played("traceroute", "machines").lookups
    assert [each["status"] for each in lookups] == ["10.9.0.1", "10.9.1.2"]


def test_a_bad_line_loses_late_and_doubles_and_all_arrives(may_make_namespaces: None) -> None:
    line = Line(delay=0.002, loss=0.05, reorder=0.1, duplicate=0.1, only_from="server", shortest=200)
    counters = played("loss", "machines", line).counters
    assert (counters["lost"], counters["late"], counters["doubled"]) == (line.lost, line.late, line.doubled)
    assert line.lost and line.late and line.doubled


def test_udp_needs_no_connection_and_tcp_does() -> None:
    lookups = played("udp-tcp", "loopback").lookups
    assert [each["status"] for each in lookups] == ["NOERROR", "NOERROR"]
