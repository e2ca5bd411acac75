"""The graph on the screen: reached by a key, another one by a key, its cursor is the selected packet."""

import pytest


@pytest.mark.parametrize(("language", "words"), [("en", "Sequence numbers"), ("ko", "순서 번호")])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_the_graph_comes_to_the_front(opened, type_keys, language, words, size):
    async with opened(language=language, size=size) as (_, pilot):
        assert words in await type_keys(pilot, "3", "tab", "tab")


async def test_keys_change_the_graph_and_the_direction(opened, type_keys):
    async with opened() as (_, pilot):
        text = await type_keys(pilot, "3", "tab", "tab")
        assert "client 10.0.0.2:51515 ▶ server" in text
        assert "server 10.0.0.9:8080 ▶ client" in await type_keys(pilot, "x")
        assert "Stevens" in await type_keys(pilot, "v")
        assert "tcptrace" in await type_keys(pilot, "V")


async def test_moving_on_the_graph_selects_packets(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "3", "tab", "tab", "home")
        first = app.scene.moment.selected
        await type_keys(pilot, "right")
        assert app.scene.moment.selected > first
        await type_keys(pilot, "left")
        assert app.scene.moment.selected == first
        text = await type_keys(pilot, "end")
        assert app.scene.moment.selected == 11 and "● #11" in text


async def test_a_click_selects_the_nearest_packet(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "3", "tab", "tab", "home")
        panel = next(pane for pane in app.view.panes if pane.id == "connections--graph")
        assert await pilot.click(panel, offset=(panel.size.width, 6))
        await pilot.pause()
        assert app.scene.moment.selected == 11


async def test_enter_goes_to_the_packet(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "3", "tab", "tab", "home", "enter")
        assert app.view_number == 1
