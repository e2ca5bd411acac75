"""The pages beside the graphs: in their room in both languages, as of a packet, and empty where nothing was sent."""

import pytest
from rich.cells import cell_len

from netviz.explain.words import LANGUAGES
from netviz.tui.draw.measure_tables import draw_numbers, draw_segments


@pytest.mark.parametrize("name", ["http-loss", "zero-window", "refused", "reset", "slow-start"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_they_fit_their_room_at_every_packet(a_scene, language, name):
    for as_of in range(1, len(a_scene(name=name).store.packets) + 1, 9):
        scene = a_scene(language, name=name, as_of=as_of)
        connection = scene.store.connection(0)
        for role in ("client", "server"):
            table = draw_segments(scene, connection, role, 76, 20)
            assert len(table.lines) <= 20 and max(cell_len(line.plain) for line in table.lines[1:]) <= 76
            assert (table.packet <= as_of).all()
            numbers = draw_numbers(scene, connection, role, 76, 20)
            assert max(cell_len(line.plain) for line in numbers.lines[1:]) <= 76
            assert (numbers.packet <= as_of).all()


def test_the_table_is_around_the_selected_packet(a_scene):
    scene = a_scene(name="slow-start", selected=80)
    lines = [line.plain for line in draw_segments(scene, scene.store.connection(0), "server", 76, 12).lines]
    assert any("#79 " in line for line in lines) and not any("#6 " in line for line in lines)


def test_what_was_sent_again_is_named_without_colour(a_scene):
    scene = a_scene(name="http-loss", selected=8)
    lines = [line.plain for line in draw_segments(scene, scene.store.connection(0), "server", 100, 30).lines]
    assert any("#28" in line and "retransmission" in line for line in lines)


def test_a_direction_that_sent_nothing_says_so(a_scene):
    scene = a_scene(name="refused")
    assert "Nothing was sent" in draw_segments(scene, scene.store.connection(0), "server", 76, 20).lines[-1].plain
