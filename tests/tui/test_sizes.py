"""Terminals of odd sizes, and of a size that changes: nothing fails, every line is full, too small is said."""

import pytest
from rich.cells import cell_len

from netviz.tui.start import Beginning, StartApp

SIZES = [(60, 18), (40, 12), (300, 20), (200, 60), (1, 1), (20, 100), (80, 24)]


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_every_view_survives_every_size(opened, type_keys, text_of, language):
    async with opened(language=language, size=(80, 24)) as (app, pilot):
        for width, height in SIZES:
            await pilot.resize_terminal(width, height)
            for view in "123456":
                text = await type_keys(pilot, view, "tab")
                assert {cell_len(line) for line in text_of(app)} == {width}
                said = {"en": "netviz needs", "ko": "이상이"}[language] in " ".join(text.split())
                assert said == (width < 60 or height < 18) or width < 20, (width, height, view)


@pytest.mark.parametrize("key", ["P", "z", "ctrl+p", "question_mark", "B", "slash"])
async def test_what_lies_over_a_view_survives_too(opened, type_keys, text_of, key):
    async with opened(size=(120, 40)) as (app, pilot):
        await type_keys(pilot, key)
        for width, height in SIZES:
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            assert {cell_len(line) for line in text_of(app)} == {width}


async def test_the_start_screen_survives_every_size():
    app = StartApp(Beginning([], [], False), "ko", "dark", look=list)
    async with app.run_test(size=(80, 24)) as pilot:
        for width, height in SIZES:
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            lines = ["".join(part.text for part in strip) for strip in app.screen._compositor.render_strips()]
            assert {cell_len(line) for line in lines} == {width}
            said = "이상이" in " ".join(" ".join(lines).split())
            assert said == (width < 60 or height < 18) or width < 20
