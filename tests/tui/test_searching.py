"""The search on the screen: keys typed, what is found, lit and said."""

import threading

import numpy as np
import pytest
from rich.cells import cell_len

from netviz.filter.needle import Query
from netviz.tui import remembered
from netviz.tui.sought import Sought, next_of
from netviz.tui.widgets.field_tree import FieldTree
from netviz.tui.widgets.search_bar import PAST

NAMES = {
    " ": "space",
    ".": "full_stop",
    "=": "equals_sign",
    "(": "left_parenthesis",
    "+": "plus",
    '"': "quotation_mark",
}
WORDS = {
    "en": ("1 of 2 packets", "2 of 2 packets", "from the beginning"),
    "ko": ("패킷 2개 중 1번째", "패킷 2개 중 2번째", "처음부터"),
}


def letters(text):
    return [NAMES.get(char, char) for char in text]


async def find(type_keys, pilot, text, kind=0, *more):
    """Type a search of the kind so many tabs away."""
    return await type_keys(pilot, "f", *["tab"] * kind, *more, *letters(text), "enter")


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_next_previous_and_around(opened, type_keys, text_of, size, language):
    first, second, around = WORDS[language]
    async with opened(language=language, size=size) as (app, pilot):
        text = await type_keys(pilot, "f")
        assert {cell_len(line) for line in text_of(app)} == {size[0]}
        assert "tab" in text
        text = await type_keys(pilot, *letters("items/7 "), "enter")
        assert app.scene.moment.selected == 4 and first in text
        assert {cell_len(line) for line in text_of(app)} == {size[0]}
        text = await type_keys(pilot, "n")
        assert app.scene.moment.selected == 6 and second in text
        text = await type_keys(pilot, "n")
        assert app.scene.moment.selected == 4 and around in text
        await type_keys(pilot, "N")
        assert app.scene.moment.selected == 6
        await type_keys(pilot, "escape")
        assert app.scene.sought is None


@pytest.mark.parametrize(
    ("kind", "text", "packets", "lit"),
    [
        (0, "FIN", [9, 11], None),
        (1, "k-123", [6], b"k-123"),
        (2, 'http.request.method == "PUT"', [6], None),
        (3, "0d 0a 0d 0a", [4, 5, 6, 7], b"\r\n\r\n"),
        (4, "not found anywhere", [], None),
        (4, "no content", [5], b"No Content"),
        (5, "qty", [6], None),
    ],
)
async def test_each_kind_finds_its_packets(opened, type_keys, kind, text, packets, lit):
    async with opened() as (app, pilot):
        said = await find(type_keys, pilot, text, kind)
        assert (app.scene.sought.items + 1).tolist() == packets
        assert app.scene.moment.selected == (packets[0] if packets else 1)
        assert packets or "Nothing was found" in said
        if lit is not None:
            span = app.scene.moment.lit
            assert lit in app.scene.frame[span.start : span.end]


async def test_case_and_regular_expressions_are_chosen_by_keys(opened, type_keys, text_of):
    async with opened() as (app, pilot):
        await find(type_keys, pilot, "put", 0, "ctrl+t")
        assert not len(app.scene.sought.items)
        await find(type_keys, pilot, "(put|options) .", 0, "ctrl+t", "ctrl+r")
        assert app.scene.sought.query == Query("list", "(put|options) .", True)
        assert (app.scene.sought.items + 1).tolist() == [4, 6]


@pytest.mark.parametrize(("kind", "text", "mark"), [(0, "put(", 3), (3, "de ag", 3), (2, "tcp.prot == 80", 0)])
async def test_a_fault_points_at_its_column(opened, type_keys, text_of, kind, text, mark):
    async with opened() as (app, pilot):
        await find(type_keys, pilot, text, kind, *(["ctrl+r"] if kind == 0 else []))
        lines = text_of(app)
        assert lines[1].index(text) + mark == lines[3].index("^")
        assert app.scene.sought is None


@pytest.mark.parametrize(
    ("view", "text", "item", "things"),
    [("3", "10.0.0.9", 0, "connection"), ("4", "PUT", 1, "exchange"), ("5", "blocked", 0, "fetch")],
)
async def test_the_list_of_each_view_is_searched(opened, type_keys, view, text, item, things):
    async with opened() as (app, pilot):
        await type_keys(pilot, view)
        said = await find(type_keys, pilot, text)
        assert app.scene.sought.items.tolist() == [item]
        assert f"1 of 1 {things}" in said


async def test_another_view_searches_its_own_list_for_the_same(opened, type_keys):
    async with opened() as (app, pilot):
        await find(type_keys, pilot, "/api", 4)
        assert (app.scene.sought.items + 1).tolist() == [4, 6]
        await type_keys(pilot, "4", "n")
        assert app.scene.sought.view == 4 and app.scene.sought.items.tolist() == [0, 1]
        await type_keys(pilot, "5", "n")
        assert app.scene.sought.view == 5 and len(app.scene.sought.items) >= 1
        await type_keys(pilot, "2", "f3")
        assert app.scene.sought.view == 1


async def test_statistics_are_searched_by_row(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "6")
        await find(type_keys, pilot, "http")
        pane = app.view.panes[0]
        assert "HTTP" in pane.current_text()
        assert "views 1 to 5" in await find(type_keys, pilot, "6874", 3)


async def test_what_a_filter_hides_is_not_gone_to(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "slash", *letters("http.request.method"), "enter")
        await find(type_keys, pilot, "10.0.0.2", 0)
        assert app.scene.sought.left.tolist() == [3, 5]
        await type_keys(pilot, "backslash")
        assert len(app.scene.sought.left) > 2


async def test_what_lies_after_the_position_is_only_counted(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "left_curly_bracket", *["full_stop"] * 3)
        said = await find(type_keys, pilot, "items/7 ")
        assert app.scene.moment.as_of == 4 and "1 of 1 packets" in said and "1 later" in said
        said = await find(type_keys, pilot, "FIN")
        assert "there is more after it" in said and app.scene.moment.as_of == 4


async def test_what_was_found_is_lit(opened, type_keys):
    async with opened() as (app, pilot):
        await find(type_keys, pilot, "items", 4)
        lit = [
            "".join(segment.text for segment in strip if segment.style and segment.style.underline)
            for strip in app.screen._compositor.render_strips()
        ]
        assert sum("items" in line for line in lit) >= 3


async def test_searches_are_remembered(opened, type_keys):
    async with opened() as (app, pilot):
        await find(type_keys, pilot, "one")
        await find(type_keys, pilot, "two")
        assert remembered.filters(PAST) == ["one", "two"]
        await type_keys(pilot, "f", "up", "up", "enter")
        assert app.scene.sought.query.text == "one"


async def test_a_search_that_runs_is_stopped_by_escape(opened, type_keys, monkeypatch):
    held = threading.Event()

    def slow(self, first, stop):
        held.wait(5)
        return []

    async with opened() as (app, pilot):
        monkeypatch.setattr("netviz.filter.search.Search.rows", slow)
        for key in ("f", "x", "enter"):
            await pilot.press(key)
        await pilot.pause()
        assert not app.scene.sought.done
        await pilot.press("escape")
        held.set()
        await app.workers.wait_for_complete()
        assert app.scene.sought.stopped
        await type_keys(pilot, "escape")
        assert app.scene.sought is None


def test_the_next_of_several():
    items = np.array([2, 5, 9])
    assert [next_of(items, at, 1) for at in (None, 1, 5, 9)] == [(2, False), (2, False), (9, False), (2, True)]
    assert [next_of(items, at, -1) for at in (None, 2, 6)] == [(9, False), (9, True), (5, False)]
    assert next_of(items, 5, 1, True) == (5, False)
    assert next_of(np.empty(0, np.int64), 5, 1) is None


def test_what_a_filter_leaves_is_worked_out_once():
    sought = Sought(Query("list", "a"), None, items=np.array([1, 4, 7]), packets=np.array([2, 5, 8]))
    rows = np.array([0, 4, 7])
    now = sought.within(rows, 6, 4)
    assert (now.left.tolist(), now.later, now.at) == ([4], 1, 4)
    assert now.within(rows, 6, 4) is now
    later = now.within(rows, 9, 4)
    assert later.left.tolist() == [4, 7] and later.filtered is now.filtered
    assert sought.packet(4) == 5 and sought.packet(5) is None and sought.has(7) and not sought.has(8)


async def test_a_field_that_is_folded_away_is_opened(opened, type_keys):
    async with opened(size=(200, 60)) as (app, pilot):
        tree = app.query_one(FieldTree)
        assert " tcp.flags.syn" not in [line.mark for line in tree.lines]
        await find(type_keys, pilot, "flags.syn", 1)
        assert " tcp.flags.syn" in [line.mark for line in tree.lines]
        assert tree.current_field().key.startswith("tcp.flags.")


async def test_a_row_that_holds_it_keeps_its_colours_behind_the_sign(opened, type_keys):
    async with opened(theme="mono") as (app, pilot):
        await find(type_keys, pilot, "items/7 ")
        await type_keys(pilot, "home")
        strip = app.view.panes[0].render_line(4)
        assert "OPTIONS" in strip.text and strip.text.startswith("»")
        grounds = [segment.style.bgcolor for segment in strip if "10.0.0.2" in segment.text]
        assert grounds and all(ground.name == app.scene.palette.background.lower() for ground in grounds)
