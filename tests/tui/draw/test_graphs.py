"""Graphs of a connection: each in its room in both languages, with its packets, as of a packet; empty where nothing is."""

import pytest
from rich.cells import cell_len

from netviz.explain.words import LANGUAGES
from netviz.tui.draw.graphs import KINDS, draw_graph
from netviz.tui.draw.trace import trace_of


def graph_of(scene, kind, role="server", size=(74, 22)):
    connection = scene.store.connection(0)
    return draw_graph(scene, connection, trace_of(scene.store, 0), kind, role, *size)


def text_of(graph):
    return "\n".join(line.plain for line in graph.lines)


@pytest.mark.parametrize("name", ["http-loss", "zero-window", "refused", "reset", "ipv6-http"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_graph_fits_its_room_at_every_packet(a_scene, kind, language, name):
    for as_of in range(1, len(a_scene(name=name).store.packets) + 1, 7):
        for role in ("client", "server"):
            graph = graph_of(a_scene(language, name=name, as_of=as_of), kind, role, (78, 20))
            assert len(graph.lines) <= 20
            assert max(cell_len(line.plain) for line in graph.lines[3:] or graph.lines[:1]) <= 78
            assert (graph.packet <= as_of).all()


def test_loss_is_seen_without_colour(a_scene):
    text = text_of(graph_of(a_scene(name="http-loss", selected=28), "tcptrace"))
    assert "R retransmission" in text and "D duplicate acknowledgement" in text and "SACK" in text
    assert "#28" in text and "●" in text
    assert "R retransmission" in text_of(graph_of(a_scene(name="http-loss", selected=12), "stevens"))


def test_a_closed_window_is_marked_and_its_scale_is_told(a_scene):
    text = text_of(graph_of(a_scene(name="zero-window"), "window", "server"))
    assert "Z" in text and "RFC 7323" in text


def test_flight_is_what_was_sent_and_not_acknowledged(store_of):
    flight = trace_of(store_of("http-loss"), 0).directions["server"].flight
    found = dict(zip(flight.packet.tolist(), flight.flying.tolist(), strict=True))
    assert found[8] == 119 and found[9] == 119 + 1448 and found[33] == 0
    assert found[27] == 14_120 - 3016


@pytest.mark.parametrize("kind", KINDS)
def test_ascii_where_nothing_else_can_be_drawn(a_scene, kind):
    assert text_of(graph_of(a_scene(ascii_only=True, name="http-loss"), kind)).isascii()


def test_a_direction_that_sent_nothing_says_so(a_scene):
    assert "Too little" in text_of(graph_of(a_scene(name="refused"), "throughput", "server"))
    assert "No acknowledgement can be timed" in text_of(graph_of(a_scene(name="refused"), "rtt", "server"))
