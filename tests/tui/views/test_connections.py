"""View 3 on shipped captures: UDP beside TCP in one list, the ladder without states, the timeline, one pane alone."""

from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.pipeline.analyzer import Analyzer
from netviz.tui.app import NetvizApp

CAPTURES = Path(__file__).parents[3] / "captures"
SIZES = [(80, 24), (120, 40), (200, 60)]


@asynccontextmanager
async def shown(name, language="en", size=(120, 40)):
    source = open_capture(str(CAPTURES / name))
    app = NetvizApp(Analyzer(source.info), source, language, "dark", 3)
    async with app.run_test(size=size) as pilot:
        while not app.store.finished or app.scene.dissection is None:
            await pilot.pause(0.02)
        await pilot.pause()
        yield app, pilot


def pane(app, name):
    return next(each for each in app.view.panes if each.id == f"connections--{name}")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("no state", "re #3", "query 0xeeb1")), ("ko", ("상태 없음", "#3 응답", "query 0xeeb1"))],
)
async def test_datagrams_stand_on_a_ladder_without_states(type_keys, size, language, words):
    async with shown("udp-dns.pcap", language, size) as (_, pilot):
        text = await type_keys(pilot, "down")
        assert [word for word in words if word not in text] == []


async def test_the_list_has_both_and_a_key_leaves_one_out(type_keys):
    async with shown("demo.pcapng") as (_, pilot):
        assert "UDP   0" in (text := await type_keys(pilot, "home")) and "TCP   0" in text
        text = await type_keys(pilot, "v")
        assert "TCP only" in text and "UDP   0" not in text and "TCP   3" in text
        text = await type_keys(pilot, "v")
        assert "UDP only" in text and "UDP   3" in text and "TCP   0" not in text


async def test_choosing_goes_from_one_kind_to_the_other_and_back(type_keys):
    async with shown("demo.pcapng") as (app, pilot):
        await type_keys(pilot, "home")
        assert (app.scene.choice.conversation, app.scene.moment.selected) == (0, 3)
        text = await type_keys(pilot, "down", "down")
        assert (app.scene.choice.conversation, app.scene.choice.connection) == (None, 0) and "SYN-SENT" in text
        await type_keys(pilot, "up")
        assert (app.scene.choice.conversation, app.scene.choice.connection) == (1, 0)
        await type_keys(pilot, "b")
        assert app.view_number == 3


async def test_what_udp_does_not_have_is_said_where_tcp_has_it(type_keys):
    async with shown("demo.pcapng", size=(200, 60)) as (_, pilot):
        text = await type_keys(pilot, "home")
        assert "UDP keeps no state: nothing was agreed" in text and "(#3)" in text
        assert "Length 42 = 8 (header) + 34 (data)" in text and "Packet 4 answers it" in text
        assert "header per data byte" in text and "0.119 (16 / 134)" in text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("language", "words"), [("en", "Connections over time"), ("ko", "시간에 따른 연결")])
async def test_the_timeline_is_one_key_back_from_the_first_graph(type_keys, size, language, words):
    async with shown("demo.pcapng", language, size) as (_, pilot):
        text = await type_keys(pilot, "2", "3", "home", "down", "down", "tab", "tab", "V")
        assert words in text and "TCP   2 :80 10.9.0.3" in text


async def test_the_timeline_leads_to_packets(type_keys):
    async with shown("demo.pcapng") as (app, pilot):
        await type_keys(pilot, "home", "down", "down", "tab", "tab", "V", "down")
        assert app.scene.choice.connection == 1
        await type_keys(pilot, "right")
        assert app.scene.moment.selected == 11
        await type_keys(pilot, "left", "end")
        assert app.scene.choice.connection == 3
        graph = pane(app, "graph")
        assert await pilot.click(graph, offset=(graph.size.width - 2, graph._lanes.first_line + 3))
        await pilot.pause()
        assert app.scene.choice.connection == 0 and app.scene.moment.selected == 73
        await type_keys(pilot, "enter")
        assert app.view_number == 1 and app.scene.moment.selected == 73


async def test_a_filter_leaves_only_what_matches_on_list_and_timeline(type_keys):
    async with shown("demo.pcapng") as (app, pilot):
        app.use_filter("frame.number in {5, 43}")
        text = await type_keys(pilot, "tab", "tab", "V")
        assert "1-2 of 2" in text and "UDP   1" in text and "UDP   0" not in text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["list", "sequence", "graph", "machine", "steps"])
async def test_one_pane_takes_all_the_room(type_keys, size, name):
    async with shown("demo.pcapng", size=size) as (app, pilot):
        await type_keys(pilot, "home", *["tab"] * [each.id for each in app.view.panes].index(f"connections--{name}"))
        await type_keys(pilot, "z")
        assert pane(app, name).outer_size.width == size[0] and pane(app, name).outer_size.height > size[1] - 6
        assert [each.id for each in app.view.panes if each.display] == [f"connections--{name}"]
