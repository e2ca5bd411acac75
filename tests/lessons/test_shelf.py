"""Every step of every lesson stands on a packet that is there, with its bytes, and is told in both languages."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.cli.main import main
from netviz.dissect.packet import dissect
from netviz.explain.words import LANGUAGES, say, tables
from netviz.filter.rows import FilteredRows, Reading
from netviz.lessons.lesson import Lesson, Step
from netviz.lessons.shelf import LESSONS, lesson_named
from netviz.model.layers import Field
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.store import Store
from netviz.tui.keys import VIEWS

CAPTURES = Path(__file__).parents[2] / "captures"
STEPS = [pytest.param(lesson, step, id=f"{lesson.id}-{step.id}") for lesson in LESSONS for step in lesson.steps]


@cache
def store_of(capture: str) -> Store:
    return analyze(open_capture(str(CAPTURES / capture)))


def packets_of(lesson: Lesson, step: Step) -> list[int]:
    rows: list[int] = FilteredRows(step.where, Reading(store_of(lesson.capture))).update().tolist()
    return [row + 1 for row in rows]


def fields_of(fields: tuple[Field, ...]) -> list[Field]:
    return [each for field in fields for each in (field, *fields_of(field.children))]


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_a_step_stands_on_a_packet(lesson: Lesson, step: Step) -> None:
    found = packets_of(lesson, step)
    assert len(found) >= step.nth
    assert 1 <= step.view <= len(VIEWS)
    # A question that most packets answer asks nothing.
    assert not step.asks or len(found) < len(store_of(lesson.capture).packets) / 3


@pytest.mark.parametrize(("lesson", "step"), [each for each in STEPS if each.values[1].field])
def test_the_field_that_a_step_lights_is_in_its_packet(lesson: Lesson, step: Step) -> None:
    assert step.view == 1
    packets, row = store_of(lesson.capture).packets, packets_of(lesson, step)[step.nth - 1] - 1
    layers = dissect(packets.frame(row), packets.value("link_type", row), packets.value("length", row)).layers
    fields = [field for layer in layers for field in fields_of(layer.fields)]
    assert [field for field in fields if field.key == step.field and step.label in ("", field.label)]


@pytest.mark.parametrize(("lesson", "step"), STEPS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_is_told_in_both_languages_and_names_only_its_own_packet(
    lesson: Lesson, step: Step, language: str
) -> None:
    keys = [f"lesson.{lesson.id}.{step.id}"] + ([f"lesson.{lesson.id}.{step.id}.answer"] if step.asks else [])
    for key in keys:
        told = say(key, language, packet=12)
        assert told and len(told) < 300
        # A number written into a sentence would be wrong as soon as the capture is recorded anew.
        assert not re.search(r"(?:packet|패킷|#) ?\d", told.replace("packet 12", "").replace("패킷 12", ""))


def test_no_sentence_is_left_over() -> None:
    wanted = {f"lesson.{lesson.id}" for lesson in LESSONS}
    wanted |= {f"lesson.{lesson.id}.{step.id}" for lesson in LESSONS for step in lesson.steps}
    wanted |= {f"lesson.{lesson.id}.{step.id}.answer" for lesson in LESSONS for step in lesson.steps if step.asks}
    assert {key for key in tables() if key.startswith("lesson.")} == wanted


def test_lessons_are_found_by_their_names() -> None:
    assert lesson_named("handshake") is not None and lesson_named("no such") is None
    assert len({lesson.id for lesson in LESSONS}) == len(LESSONS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_a_lesson_is_printed_with_its_packets_and_answers(
    lesson: Lesson, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lesson", lesson.id, "--text", "--lang", language]) == 0
    out = capsys.readouterr().out
    assert out.startswith(say(f"lesson.{lesson.id}", language))
    assert sum(line.startswith("   → ") for line in out.splitlines()) == lesson.questions
    assert [int(number) for number in re.findall(r"^(\d+)\. ", out, re.M)] == list(range(1, len(lesson.steps) + 1))


def test_lessons_are_listed_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lesson", "--lang", "en"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[:-1]] == [each.id for each in LESSONS]
    assert main(["lesson", "handshake", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["lessons"]
    assert found["steps"][1]["filter"] == "tcp.flags.syn == 1 && tcp.flags.ack == 0"


def test_an_unknown_lesson_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lesson", "alchemy", "--lang", "en"]) == 2
    assert "alchemy" in capsys.readouterr().err
