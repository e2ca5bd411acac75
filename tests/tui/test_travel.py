"""Moving in time: steps by connection and exchange, breakpoints, the track under the mouse."""

import pytest

from netviz.tui.draw.track import packet_at, place_of_packet
from netviz.tui.widgets.playback_bar import PlaybackBar


async def test_steps_by_exchange_go_from_request_to_request_and_back(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "left_curly_bracket")
        seen = []
        for key in (">", ">", ">", "<"):
            await type_keys(pilot, {">": "greater_than_sign", "<": "less_than_sign"}[key])
            seen.append(app.scene.moment.as_of)
        assert seen == [4, 6, 6, 4]


async def test_where_there_is_no_further_connection_the_screen_says_so(opened, type_keys):
    async with opened(language="ko") as (app, pilot):
        await type_keys(pilot, "left_curly_bracket")
        assert "이 패킷 뒤에는 더 없습니다" in await type_keys(pilot, "right_parenthesis")
        assert app.scene.moment.as_of == 1


@pytest.mark.parametrize(("kind", "at"), [("packet", 6), ("blocked", 7), ("syn", 12), ("rst", 12)])
async def test_playing_stops_where_it_was_told_to_and_else_at_the_end(opened, type_keys, kind, at):
    async with opened() as (app, pilot):
        await type_keys(pilot, "5")
        app._go(1)
        app.breaks = app.breaks.with_packet(6) if kind == "packet" else app.breaks.with_kind(kind)
        app.action_play()
        app._play(100.0)
        assert app.scene.moment.as_of == at
        assert not app.playback.playing


async def test_breakpoints_are_ticked_in_a_list_and_a_packet_by_its_key(opened, type_keys):
    async with opened() as (app, pilot):
        text = await type_keys(pilot, "B")
        assert "retransmission: TCP sends again" in text
        text = await type_keys(pilot, "2", "3")
        assert app.breaks.kinds == {"rst", "retransmission"} and text.count("[✓]") == 2
        await type_keys(pilot, "down", "enter")
        assert "syn" in app.breaks.kinds
        await type_keys(pilot, "escape", "X")
        assert app.breaks.packets == {app.scene.moment.selected}
        assert "◆" in await type_keys(pilot, "right_curly_bracket")


async def test_the_track_is_clicked_and_dragged(opened, type_keys):
    async with opened() as (app, pilot):
        bar = app.query_one(PlaybackBar)
        start, end = bar._track
        await pilot.mouse_down(bar, offset=(start, 0))
        await pilot.pause(0.1)
        assert app.scene.moment.as_of == 1
        await pilot.hover(bar, offset=((start + end) // 2, 0))
        await pilot.pause(0.1)
        assert 5 <= app.scene.moment.as_of <= 8
        await pilot.mouse_up(bar, offset=(end - 1, 0))
        await pilot.hover(bar, offset=(start, 0))
        await pilot.pause(0.1)
        assert app.scene.moment.as_of >= 5


@pytest.mark.parametrize("total", [1, 2, 12, 1000, 500_124])
@pytest.mark.parametrize("cells", [1, 8, 47, 160])
def test_a_cell_and_its_packet_belong_together(total, cells):
    for cell in {0, cells // 3, cells - 1}:
        packet = packet_at(cell, total, cells)
        assert 1 <= packet <= total
        if total >= cells > 1:
            assert place_of_packet(packet, total, cells) == cell
    assert place_of_packet(total, total, cells) == (cells - 1 if total > 1 else 0)


async def test_what_happens_is_marked_on_the_track(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "5", "left_curly_bracket")
        bar = app.query_one(PlaybackBar)
        track = bar.line(app.scene, 120).plain
        assert track.count("╷") >= 1 and track.count("┤") == 2 and "✗" in track
