"""The timeline: a lane a connection in its room, told without colour, as of a packet, and thousands of lanes at no cost."""

import numpy as np
import pytest
from rich.cells import cell_len

from netviz.explain.words import LANGUAGES
from netviz.tui.draw import timeline
from netviz.tui.draw.connection_rows import ConnectionRows
from netviz.tui.draw.narrowed import Narrowed
from netviz.tui.draw.timeline import draw_timeline


def lanes_of(scene, size=(76, 20), top=0, zoomed=False):
    kinds = ConnectionRows()
    return draw_timeline(scene, Narrowed(kinds, kinds.matching), kinds, top, zoomed, *size)


def bars_of(lanes):
    return [line.plain[lanes.label + 1 :] for line in lanes.lines[lanes.first_line : lanes.first_line + lanes.count]]


@pytest.mark.parametrize("name", ["demo", "http-loss", "refused", "reset", "udp-dns", "ipv6-http", "arp-ping"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(76, 14), (112, 26), (194, 50)])
def test_it_fits_its_room_at_every_packet(a_scene, language, size, name):
    total = len(a_scene(name=name).store.packets)
    for as_of in range(1, total + 1, max(total // 5, 1)):
        lanes = lanes_of(a_scene(language, name=name, as_of=as_of), size)
        assert len(lanes.lines) <= size[1]
        assert max(cell_len(line.plain) for line in lanes.lines[lanes.first_line :]) <= size[0]
        assert all((rows < as_of).all() for rows in lanes.rows.values())


def test_phases_and_what_went_wrong_are_told_by_signs(a_scene):
    (bar,) = bars_of(lanes_of(a_scene(name="http-loss"), (150, 20)))
    assert {sign for sign in bar if sign != " "} == {"░", "█", "━", "▒", "R", "●"}
    assert "✗" in bars_of(lanes_of(a_scene(name="reset", selected=1)))[0]
    assert "▪" in bars_of(lanes_of(a_scene(name="udp-dns")))[0]
    waiting = bars_of(lanes_of(a_scene(name="demo"), (150, 20)))[2]
    assert waiting.rstrip().endswith("·")


def test_a_connection_that_has_not_begun_has_no_lane(a_scene):
    assert lanes_of(a_scene(name="demo", as_of=6)).total == 2
    assert lanes_of(a_scene(name="demo", as_of=2)).total == 0
    assert "No TCP connection and no UDP" in lanes_of(a_scene(name="arp-ping")).lines[3].plain


def test_the_paper_stays_and_the_bar_moves(a_scene):
    early, late = (lanes_of(a_scene(name="demo", as_of=as_of)) for as_of in (40, 82))
    assert (early.start, early.span) == (late.start, late.span)
    assert len(bars_of(early)[2].rstrip()) < len(bars_of(late)[2].rstrip())


def test_the_axis_can_be_that_of_the_lanes_in_sight(a_scene):
    scene = a_scene(name="udp-dns")
    whole, zoomed = lanes_of(scene), lanes_of(scene, zoomed=True)
    assert zoomed.span < whole.span
    assert bars_of(zoomed)[0][0] == "▪"


def test_ascii_where_nothing_else_can_be_drawn(a_scene):
    text = "\n".join(line.plain for line in lanes_of(a_scene(ascii_only=True, name="demo")).lines)
    assert text.isascii() and "#" in text and "o" in text


def test_only_the_lanes_in_sight_are_worked_out(a_scene, monkeypatch):
    """However many connections there are, a picture asks for as many as fit."""
    scene, asked = a_scene(name="page-load"), []
    whole = timeline.phases
    monkeypatch.setattr(timeline, "phases", lambda connection: asked.append(connection.id) or whole(connection))
    lanes = lanes_of(scene, (76, 9))
    assert lanes.count == 2 < lanes.total and len(asked) <= 2
    assert len(lanes.lines) == 8


def test_a_lane_knows_its_packets(a_scene):
    scene = a_scene(name="demo", selected=15)
    lanes = lanes_of(scene, (150, 20))
    assert (np.diff(lanes.rows[2]) > 0).all() and 14 in lanes.rows[2]
    assert bars_of(lanes)[2][lanes.column(scene.store.packets.value("time", 14))] == "●"


def test_time_wait_ends_where_its_ports_are_used_again(a_scene):
    """Between the two connections there is nothing but TIME-WAIT, and it does not go on under the second one."""
    first, second = bars_of(lanes_of(a_scene(name="tcp/ports-used-again-middle"), (150, 20)))
    assert len(first.rstrip()) == len(second) - len(second.lstrip()) + 1 and first.rstrip().endswith("·")
