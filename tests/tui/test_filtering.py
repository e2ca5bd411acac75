"""The display filter on the screen: keys typed, the screen's text out."""

import pytest
from rich.cells import cell_len

from netviz.tui import remembered


def typed(text: str) -> list[str]:
    """A text as keys."""
    names = {
        " ": "space",
        ".": "full_stop",
        "=": "equals_sign",
        '"': "quotation_mark",
        "&": "ampersand",
        "_": "underscore",
    }
    return [names.get(char, char) for char in text]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_filter_hides_marks_and_is_switched_off(opened, type_keys, text_of, size, language):
    async with opened(language=language, size=size) as (app, pilot):
        await type_keys(pilot, "slash", *typed("http.request.method == PUT"))
        assert {cell_len(line) for line in text_of(app)} == {size[0]}
        text = await type_keys(pilot, "enter")
        assert "PUT /ap" in text and "OPTIONS /" not in text
        assert app.scene.shown.rows.tolist() == [5]
        assert app.scene.moment.selected == 6
        assert "OPTIONS /" in await type_keys(pilot, "H")
        assert "OPTIONS /" in await type_keys(pilot, "H", "backslash")
        assert "OPTIONS /" not in await type_keys(pilot, "backslash")
        assert {cell_len(line) for line in text_of(app)} == {size[0]}
        assert "OPTIONS /" in await type_keys(pilot, "slash", *["backspace"] * 30, "enter")
        assert app.scene.shown is None


async def test_a_fault_is_marked_under_its_place_and_not_used(opened, type_keys, text_of):
    async with opened() as (app, pilot):
        await type_keys(pilot, "slash", *typed("tcp && tcp.prot == 80"), "enter")
        lines = text_of(app)
        assert lines[1].index("tcp.prot") == lines[2].index("^^^^^^^^")
        assert "tcp.port" in lines[2]
        assert app.scene.shown is None
        await type_keys(pilot, "escape")
        assert "^" not in "".join(text_of(app)[:4])


async def test_tab_completes_names_and_values_of_the_capture(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "slash", *typed("http.request.met"), "tab", *typed("== "), "tab", "tab", "enter")
        assert app.scene.shown.text == 'http.request.method == "PUT"'


async def test_other_views_show_what_the_packets_belong_to(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "slash", *typed("http.request.method == PUT"), "enter")
        text = await type_keys(pilot, "4")
        assert text.count("#6") >= 1 and app.view.panes[0].rows.count(app.scene) == 1
        await type_keys(pilot, "5")
        assert app.view.panes[0].rows.count(app.scene) == 1


async def test_stepping_goes_over_what_is_hidden_or_not(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "slash", *typed("http"), "enter", "home")
        await type_keys(pilot, "left_curly_bracket", "full_stop")
        assert app.scene.moment.selected == 4
        await type_keys(pilot, "o", "comma")
        assert app.scene.moment.selected == 3
        await type_keys(pilot, "o", "full_stop", "full_stop")
        assert app.scene.moment.selected == 5


async def test_filters_are_remembered(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "slash", *typed("tcp"), "enter")
        await type_keys(pilot, "slash", *["backspace"] * 3, *typed("http"), "enter")
    assert remembered.filters() == ["tcp", "http"]
    async with opened() as (app, pilot):
        await type_keys(pilot, "slash", "up", "up", "enter")
        assert app.scene.shown.text == "tcp"


async def test_a_filter_that_fails_is_taken_away_and_said(opened, type_keys, monkeypatch):
    runs = []

    def fails(*_: object) -> None:
        runs.append(1)
        raise RuntimeError("a slip")

    monkeypatch.setattr("netviz.tui.filtering.chosen", fails)
    async with opened() as (app, pilot):
        await type_keys(pilot, "slash", *typed("tcp"), "enter")
        text = await type_keys(pilot, "down", "up")
        assert "The filter failed and was taken away: RuntimeError: a slip" in text
        assert app.scene.shown is None
        assert len(runs) == 1
