"""Presenter mode: few and large, a sentence for each packet, numbers that say what they point at, the keys in words."""

import pytest
from rich.cells import cell_len

from netviz.model.settings import Settings
from netviz.tui.draw.captions import packet_caption
from netviz.tui.widgets.pane import Pane

SIZES = [(80, 24), (120, 40), (60, 18)]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("size", SIZES)
async def test_every_view_is_one_list_over_one_panel_with_a_sentence(opened, type_keys, text_of, size, language):
    async with opened(language=language, size=size) as (app, pilot):
        await type_keys(pilot, "P", "right_parenthesis", "home")
        for view in "123456":
            text = await type_keys(pilot, view)
            assert {cell_len(line) for line in text_of(app)} == {size[0]}
            shown = [pane for pane in app.view.query(Pane) if pane.display and pane.size.height]
            assert len(shown) == 2, view
            caption = packet_caption(app.scene, app.scene.moment.selected)
            assert caption.split()[0] in text and "SYN" in text
            assert f" {view} " in text.splitlines()[0] and " 0 " not in text.splitlines()[0]


async def test_the_sentence_tells_what_a_packet_does_to_both_ends(opened, type_keys):
    async with opened(language="ko") as (app, pilot):
        text = await type_keys(pilot, "P", "3")
        assert app.scene.moment.selected == 1 and app.scene.palette.name == "netviz-contrast"
        assert "#1" in text and "SYN-SENT 상태가 됩니다" in " ".join(text.split())
        await type_keys(pilot, "P")
        assert not app.scene.present and app.scene.palette.name == "netviz-dark"


async def test_numbers_say_what_they_point_at_and_the_view_stays(opened, type_keys):
    async with opened(size=(80, 24)) as (app, pilot):
        text = await type_keys(pilot, "P", "tab", "c")
        assert all(sign in text for sign in "①②③④⑤")
        text = await type_keys(pilot, "2")
        assert app.view_number == 1
        said = " ".join(text.split())
        assert "② dst MAC = 0a:00:00:00:00:09" in said and "(packet 1, bytes 0 to 5)" in said
        text = await type_keys(pilot, "shift+tab", "3")
        assert app.view_number == 1 and "③ src MAC" in text, "whichever pane has the focus"
        text = await type_keys(pilot, "tab", "c", "2")
        assert app.view_number == 2 and "①" not in text


async def test_a_row_s_number_is_its_packet(opened, type_keys):
    async with opened(size=(80, 24)) as (app, pilot):
        text = await type_keys(pilot, "P", "c", "2")
        assert app.scene.moment.selected == 1
        assert "② #2" in text


async def test_keys_and_the_mouse_light_a_line(opened, type_keys):
    async with opened(size=(80, 24)) as (app, pilot):
        await type_keys(pilot, "P", "tab", "shift+down", "shift+down")
        pane = app.screen.focused
        assert isinstance(pane, Pane) and pane.pointed == 1
        await type_keys(pilot, "shift+up")
        assert pane.pointed == 0
        await pilot.hover(pane, offset=(5, 4))
        await pilot.pause()
        assert pane.pointed is not None and pane.pointed > 1
        await type_keys(pilot, "full_stop")
        assert pane.pointed is None


async def test_typed_keys_are_shown_in_words_and_not_what_is_typed_into_a_line(opened, type_keys):
    async with opened(size=(120, 40)) as (_, pilot):
        text = await type_keys(pilot, "P", "right_square_bracket")
        assert "]" in text.splitlines()[-1] and "on to the next SYN" in text.splitlines()[-1]
        await type_keys(pilot, "slash", *"tcp", "escape")
        last = (await type_keys(pilot, "j")).splitlines()[-1]
        assert "one line down" in last and " t " not in last and " c " not in last


async def test_it_can_be_settled(opened, type_keys):
    async with opened() as (app, pilot):
        app.use(Settings(present=True))
        assert app.presents and not app.scene.present
        await app.on_mount()
        await type_keys(pilot, "j")
        assert app.scene.present


async def test_ascii_numbers_where_lines_are_drawn_wide(opened, type_keys):
    async with opened(size=(80, 24)) as (app, pilot):
        from dataclasses import replace

        from netviz.tui.theme import ASCII

        app._set(replace(app.scene, glyphs=ASCII))
        text = await type_keys(pilot, "P", "c")
        assert " 1 " in text and "①" not in text
