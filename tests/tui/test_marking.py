"""Marks: set, gone to, listed, shown and filtered by."""

import pytest
from rich.cells import cell_len


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_marks_are_shown_and_gone_to(opened, type_keys, text_of, size, language):
    async with opened(language=language, size=size) as (app, pilot):
        text = await type_keys(pilot, "u")
        assert ("M marks one" if language == "en" else "M으로 표시") in text
        await type_keys(pilot, "down", "M", "down", "down", "M", "home")
        assert app.scene.marks == {2, 4}
        lines = text_of(app)
        assert {cell_len(line) for line in lines} == {size[0]}
        assert sum("■" in line and " 2 " in line for line in lines) == 1
        assert "■" in lines[-2]
        seen = []
        for key in ("u", "u", "u", "U", "U"):
            await type_keys(pilot, key)
            seen.append(app.scene.moment.selected)
        assert seen == [2, 4, 2, 4, 2]
        await type_keys(pilot, "M")
        assert app.scene.marks == {4}


async def test_the_list_of_marks_leads_to_one_or_takes_all_away(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "down", "M", "end", "M", "home")
        text = await type_keys(pilot, "K")
        assert "#2" in text and "#12" in text and "SYN,ACK" in text
        await type_keys(pilot, "2")
        assert app.scene.moment.selected == 12
        await type_keys(pilot, "b")
        assert app.scene.moment.selected == 1
        await type_keys(pilot, "K", "3")
        assert not app.scene.marks and "■" not in await type_keys(pilot, "down")


async def test_a_filter_by_marks_follows_them(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "down", "M")
        app.use_filter("frame.marked == 1")
        await type_keys(pilot, "home")
        assert app.scene.shown.rows.tolist() == [1]
        app.use_filter("frame.marked == 0")
        await type_keys(pilot, "home", "M")
        assert 0 not in app.scene.shown.rows.tolist() and len(app.scene.shown.rows) == 10
