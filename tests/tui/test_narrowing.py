"""Filtering by what the cursor is on: keys typed, the filter that comes of them."""

import pytest
from rich.cells import cell_len

WORDS = {"en": ("only this", "Prepare in the bar"), "ko": ("이것만", "필터 줄에 넣어 고치기")}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_field_of_the_tree(opened, type_keys, text_of, size, language):
    async with opened(language=language, size=size) as (app, pilot):
        await type_keys(pilot, "down", "down", "down", "tab", "down", "down")
        text = await type_keys(pilot, "i")
        assert {cell_len(line) for line in text_of(app)} == {size[0]}
        assert all(words in text for words in WORDS[language]) and "!(eth.dst == 0a:00:00:00:00:09)" in text
        await type_keys(pilot, "1")
        assert app.scene.shown.text == "eth.dst == 0a:00:00:00:00:09"
        text = await type_keys(pilot, "down", "i")
        assert "eth.dst == 0a:00:00:00:00:09 && " in text
        await type_keys(pilot, "escape")
        assert app.scene.shown.text == "eth.dst == 0a:00:00:00:00:09"


async def test_a_row_offers_several_things(opened, type_keys):
    async with opened() as (app, pilot):
        text = await type_keys(pilot, "i")
        assert "connection == 0" in text and "ip.src == 10.0.0.2" in text and "tcp.port == 8080" in text
        await type_keys(pilot, "i", "i")
        assert app.scene.shown.text == "connection == 0"


async def test_it_can_be_put_in_the_bar_to_edit(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "4", "down", "i", "1", "4")
        assert app.scene.shown is None
        await type_keys(pilot, "enter")
        assert app.scene.shown.text == "!(exchange == 2)"


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("3", "i", "i", "i"), "connection == 0"),
        (("5", "i", "i"), "exchange in {1, 2}"),
        (("6", "down", "i", "i"), "ip"),
    ],
)
async def test_rows_of_other_views(opened, type_keys, keys, text):
    async with opened() as (app, pilot):
        await type_keys(pilot, *keys)
        assert app.scene.shown is not None and app.scene.shown.text == text


async def test_lists_under_a_filter_are_as_of_the_present_packet(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "4", "down", "i", "1", "1")
        assert app.scene.shown.text == "exchange == 2"
        rows = app.view.panes[0].rows
        assert rows.count(app.scene) == 1
        await type_keys(pilot, "o", "left_curly_bracket", *["full_stop"] * 4)
        assert app.scene.moment.as_of == 5 and rows.count(app.scene) == 0
        await type_keys(pilot, "full_stop")
        assert rows.count(app.scene) == 1


async def test_playing_goes_over_what_is_hidden(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "slash", *"http", "enter", "left_curly_bracket")
        app.playback.playing = True
        seen = []
        for _ in range(6):
            app._play(1.0)
            seen.append(app.scene.moment.as_of)
        assert sorted(set(seen)) == [1, 4, 5, 6, 7]
        app._play(1.0)
        assert not app.playback.playing
        await type_keys(pilot, "o", "left_curly_bracket")
        app.playback.playing = True
        app._play(1.0)
        assert app.scene.moment.as_of == 2
