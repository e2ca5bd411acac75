"""The ladder's numbers, relative or as in the header, and who closes."""

import pytest

from netviz.tui.draw.steps import step_lines


async def test_numbers_are_relative_until_those_of_the_header_are_asked_for(opened, type_keys, text_of):
    async with opened() as (app, pilot):
        await type_keys(pilot, "3")
        relative = "\n".join(text_of(app))
        syn = app.store.segments(0)[0]
        assert "seq=0" in relative
        assert f"seq={syn.seq}" not in relative
        await type_keys(pilot, "r")
        absolute = "\n".join(text_of(app))
        assert f"seq={syn.seq}" in absolute
        assert "seq=0" not in absolute
        await type_keys(pilot, "r")
        assert "\n".join(text_of(app)) == relative


@pytest.mark.parametrize("language, words", [("en", "closes actively"), ("ko", "능동적으로 닫습니다")])
async def test_the_active_closer_is_named_once_its_fin_has_come(opened, type_keys, text_of, language, words):
    async with opened(size=(200, 60), language=language) as (app, pilot):
        await type_keys(pilot, "3")
        fin = app.store.connection(0).close_steps.fin_1
        app._go(fin)
        told = " ".join(line.text.plain.strip() for line in step_lines(app.scene, 120, 60))
        assert words in told
        assert f"#{fin}" in told.split(words)[0 if language == "ko" else 1]
        app._go(1)
        assert words not in " ".join(line.text.plain for line in step_lines(app.scene, 120, 60))
