"""Recording anew: names are checked first; with root, a scenario played again tells the same story."""

import os
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.errors import BadArgument
from netviz.lab.namespaces import PREFIX, run
from netviz.lab.record import chosen, main, record
from netviz.lab.requirements import CannotRecord
from netviz.lab.scenario import Scenario, Stage
from netviz.lab.scenarios import SCENARIOS
from netviz.lab.story import read_story
from netviz.pipeline.analyzer import analyze

needs_namespaces = pytest.mark.usefixtures("may_make_namespaces")


def namespaces() -> set[str]:
    """Names of this process's namespaces that exist now."""
    return {line.split()[0] for line in run("ip", "netns", "list").splitlines() if f"{PREFIX}{os.getpid()}-" in line}


def test_scenarios_are_chosen_by_name() -> None:
    assert [each.name for each in chosen(["reset", "refused"], everything=False)] == ["reset", "refused"]
    assert [each.name for each in chosen([], everything=True)] == list(SCENARIOS)


@pytest.mark.parametrize("names", [[], ["refused", "no-such"]])
def test_a_name_that_is_none_is_a_wrong_argument(names: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadArgument):
        chosen(names, everything=False)
    assert main(names) == 2
    assert "handshake-four-way-close" in capsys.readouterr().err


def test_scenarios_have_titles_in_both_languages_and_distinct_names() -> None:
    assert len(SCENARIOS) >= 12
    for scenario in SCENARIOS.values():
        assert scenario.title_en.isascii() and not scenario.title_ko.isascii()
        assert bool(scenario.comment) == (scenario.format == "pcapng")


@needs_namespaces
def test_a_scenario_played_again_tells_the_same_story(tmp_path: Path) -> None:
    capture = record(SCENARIOS["handshake-four-way-close"], tmp_path)
    assert namespaces() == set()
    told = read_story(capture.with_suffix(".toml"))
    store = analyze(open_capture(str(capture)))
    assert len(store.packets) == told.facts["packets"]
    (wanted,) = told.connections
    connection = store.connection(0)
    assert store.connection_count() == 1
    assert (str(connection.client), str(connection.server)) == (wanted["client"], wanted["server"])
    assert (connection.opening, connection.closing) == ("three-way", "four-way")
    assert connection.close_steps.active_closer == "client"


def goes_wrong(stage: Stage) -> None:
    """Makes a network, begins to record, and then something is not as it should be."""
    stage.network.client.resolve_with("10.9.0.1")
    with stage.recorded():
        raise CannotRecord("lab-went-otherwise", what="a test")


@needs_namespaces
def test_a_scenario_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(CannotRecord):
        record(Scenario("wrong", "It goes wrong", "잘못됩니다", goes_wrong), tmp_path)
    assert namespaces() == set()
    assert not list(Path("/etc").glob(f"netns/{PREFIX}{os.getpid()}-*"))
    assert list(tmp_path.iterdir()) == []
