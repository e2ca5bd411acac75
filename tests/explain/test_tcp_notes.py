"""Every step of the table, of opening and close, every mark and every error has its sentence, with packet and RFC."""

import re
from itertools import product
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.explain.tcp_notes import step_notes, transition_key, transition_note, transition_notes, wrong_notes
from netviz.explain.words import LANGUAGES, tables
from netviz.pipeline.analyzer import analyze
from netviz.tcp.connection import Closing, Opening, Transition
from netviz.tcp.corrections import KINDS
from netviz.tcp.marks import NAMES
from netviz.tcp.states import TRANSITIONS, Input, State

CAPTURES = Path(__file__).parents[2] / "captures"
RFC = re.compile(r"RFC \d{3,5} \d+(\.\d+)*|RFC \d{4}\b")
STEPS = [(state, event) for state, steps in TRANSITIONS.items() for event in steps]


def names_packet_and_rfc(key: str) -> bool:
    return all("{packet}" in sentence and RFC.search(sentence) for sentence in tables()[key].values())


@pytest.mark.parametrize(("state", "event"), STEPS)
def test_every_step_of_the_table_names_its_packet_and_the_rfc(state: State, event: Input) -> None:
    assert names_packet_and_rfc(transition_key(state, event))


@pytest.mark.parametrize(
    "key",
    [
        *(f"tcp.analysis.{name}.meaning" for name in NAMES),
        *(f"tcp.opening.{name}.meaning" for name in Opening),
        *(f"tcp.closing.{name}.meaning" for name in Closing),
        *(f"tcp.handshake.{number}" for number in (1, 2, 3)),
        *(f"tcp.close.{number}" for number in (1, 2, 3, 4)),
        *(f"wrong.{kind}.right" for kind in KINDS),
        "tcp.illegal",
    ],
)
def test_every_mark_step_and_error_names_its_packet_and_the_rfc(key: str) -> None:
    assert names_packet_and_rfc(key)


def test_every_error_is_told_and_no_other() -> None:
    told = {key.removeprefix("wrong.").removesuffix(".told") for key in tables() if re.match(r"wrong\..+\.told$", key)}
    assert told == set(KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pair_of_state_and_input_can_be_told_also_where_the_table_has_none(language) -> None:
    for state, event in product(State, Input):
        after = TRANSITIONS[state].get(event)
        step = Transition(7, "client", event, state, after or state, after is None)
        assert "7" in transition_note(step, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", sorted(CAPTURES.glob("tcp/*-middle.pcap")), ids=lambda path: path.stem)
def test_all_sentences_of_real_connections_can_be_made(path: Path, language) -> None:
    store = analyze(open_capture(str(path)))
    for number in store.connection_ids():
        connection, segments = store.connection(number), store.segments(number)
        for segment in segments:
            notes = transition_notes(connection, segment.packet, language) + step_notes(connection, segment, language)
            assert all(str(segment.packet) in note for note in notes)
        for wrong in wrong_notes(connection, segments, language):
            assert str(wrong.packet) in wrong.right and wrong.told and "{" not in wrong.right + wrong.told
