"""A lesson on the screen: steps at their packets, questions answered with a packet, and the end of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from netviz.capture.opening import open_capture
from netviz.explain.words import Language, say
from netviz.lessons.shelf import LESSONS, lesson_named
from netviz.pipeline.analyzer import Analyzer
from netviz.tui.app import NetvizApp

CAPTURES = Path(__file__).parents[2] / "captures"


@asynccontextmanager
async def given(
    name: str, language: Language = "en", size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[NetvizApp, Pilot[int]]]:
    lesson = lesson_named(name)
    assert lesson is not None
    source = open_capture(str(CAPTURES / lesson.capture))
    app = NetvizApp(Analyzer(source.info), source, language, "dark")
    app.lesson = lesson
    async with app.run_test(size=size) as pilot:
        for _ in range(400):
            if app.standing is not None:
                break
            await pilot.pause(0.01)
        yield app, pilot


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_a_step_shows_its_view_and_its_packet(type_keys, text_of, language, size):
    async with given("handshake", language, size) as (app, pilot):
        # A key of no meaning: until the packet is taken apart and its field lit.
        await type_keys(pilot, "f9")
        assert (app.view_number, app.scene.moment.selected) == (1, 1)
        assert app.scene.moment.lit is not None
        text = await type_keys(pilot, "apostrophe")
        assert (app.view_number, app.scene.moment.selected, app.scene.moment.as_of) == (3, 3, 3)
        told = say("lesson.handshake.syn", language, packet=3)
        assert told[:30] in text and f"2/{len(lesson_named('handshake').steps)}" in text
        assert {cell_len(line) for line in text_of(app)} == {size[0]}
        await type_keys(pilot, "semicolon")
        assert app.scene.moment.selected == 1 and app.view_number == 1


@pytest.mark.parametrize(("language", "wrong"), [("en", "Packet 9 is not it"), ("ko", "패킷 9는 아닙니다")])
async def test_a_question_is_answered_by_a_packet(type_keys, language, wrong):
    async with given("handshake", language) as (app, pilot):
        await type_keys(pilot, *["apostrophe"] * 5)
        assert app.standing.step.id == "find-fin" and app.standing.asking
        assert app.scene.moment.as_of == app.scene.total
        app._go(9)
        assert wrong in await type_keys(pilot, "apostrophe")
        assert app.standing.asking
        text = await type_keys(pilot, "full_stop", "apostrophe")
        assert "✓ #10" in text and app.standing.found == {5}
        await type_keys(pilot, "apostrophe")
        assert app.standing.step.id == "close-wait"


async def test_the_answer_is_shown_to_who_insists_and_is_not_counted(type_keys):
    async with given("three-segments") as (app, pilot):
        await type_keys(pilot, *["apostrophe"] * 2)
        assert app.standing.asking and app.standing.wrong == 6
        text = await type_keys(pilot, "apostrophe")
        assert not app.standing.asking and app.scene.moment.selected == 10 and "#10" in text
        text = await type_keys(pilot, *["apostrophe"] * 3)
        assert "Found by yourself: 0 of 1" in text
        await type_keys(pilot, "escape")
        assert app.standing is None and not app.query_one("#lesson").display


async def test_without_a_lesson_its_keys_say_so(opened, type_keys):
    async with opened() as (_, pilot):
        assert "No lesson is open" in await type_keys(pilot, "apostrophe")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
async def test_every_lesson_goes_to_its_end(type_keys, text_of, lesson):
    async with given(lesson.id, "ko", (80, 24)) as (app, pilot):
        await type_keys(pilot, "f9")
        for _ in range(4 * len(lesson.steps)):
            if app.standing.asking:
                app._go(app.standing.packet)
            await type_keys(pilot, "apostrophe")
            assert {cell_len(line) for line in text_of(app)} == {80}
            if app.standing.step is None:
                break
        assert len(app.standing.found) == lesson.questions
