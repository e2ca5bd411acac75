"""The packet list's columns and times: keys typed, the list that comes of them."""

from typing import get_args

import pytest
from rich.cells import cell_len

from netviz.cli.settings import TIMES
from netviz.model.settings import Settings
from netviz.pipeline.times import TimeForm

WORDS = {"en": ("esc closes", "S.Port"), "ko": ("로 닫습니다", "출포트")}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_columns_are_shown_hidden_moved_and_added(opened, type_keys, text_of, size, language):
    async with opened(language=language, size=size) as (app, pilot):
        text = await type_keys(pilot, "C")
        assert {cell_len(line) for line in text_of(app)} == {size[0]}
        assert all(words in text for words in WORDS[language])
        await type_keys(pilot, "down", "space", "J", "K")
        assert app.scene.columns[:2] == ("number", "source") and "time" not in app.scene.columns
        await type_keys(pilot, "home", "shift+down")
        assert app.scene.columns[:2] == ("source", "number")
        await type_keys(pilot, "a", *"tcp", "full_stop", *"sq", "enter")
        assert "tcp.sq" not in app.scene.columns and "tcp.seq" in "\n".join(text_of(app))
        for _ in range(6):
            await pilot.press("backspace")
        await type_keys(pilot, *"tcp", "full_stop", *"seq", "enter")
        assert app.scene.columns[-2:] == ("tcp.seq", "info")
        await type_keys(pilot, "escape")
        lines = text_of(app)
        assert {cell_len(line) for line in lines} == {size[0]}
        assert "tcp.seq" in "\n".join(lines[:4])
        await type_keys(pilot, "C", "r", "escape")
        assert app.scene.columns == ()


async def test_a_field_has_its_values_in_the_list(opened, type_keys, text_of):
    async with opened(size=(200, 60)) as (app, pilot):
        app._arrange_columns(
            ("number", "ip.ttl", "ip.src", "http.host", "tcp.state.client", "frame.time_delta", "info")
        )
        await type_keys(pilot, "home")
        row = next(line for line in text_of(app) if "OPTIONS /" in line)
        assert " 64 " in row and " 10.0.0.2 " in row and "api.example" in row
        assert "ESTABLISHED" in row and "1.000000" in row


async def test_times_are_written_in_turn(opened, type_keys, text_of):
    async with opened() as (app, pilot):
        seen = []
        for _ in range(9):
            await type_keys(pilot, "T")
            seen.append((app.scene.time_form, app.view.panes[0].current_text().split("  ")[0]))
        assert [form for form, _ in seen] == [
            "delta", "shown", "conversation", "clock", "utc", "date", "utc-date", "epoch", "relative",
        ]  # fmt: skip
        assert "1700000000.000000" in seen[7][1] and "2023-11-14 22:13:20" in seen[6][1]


async def test_since_the_packet_shown_before_follows_the_filter(opened, type_keys, text_of):
    async with opened() as (app, pilot):
        app.use_filter("tcp.flags.fin == 1")
        await type_keys(pilot, "T", "T", "end")
        assert app.scene.moment.selected == 11
        assert "2.000000" in app.view.panes[0].current_text()


async def test_settings_choose_columns_and_times(opened, type_keys, text_of):
    async with opened() as (app, pilot):
        app.use(Settings(columns=("number", "tcp.seq", "no.such", "info"), time="utc"))
        await type_keys(pilot, "home")
        assert app.scene.columns == ("number", "tcp.seq", "info") and app.scene.time_form == "utc"
        assert "no.such" in app._failed


def test_the_forms_that_can_be_settled_are_all_there_are():
    assert get_args(TimeForm) == TIMES
