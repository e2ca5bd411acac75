"""The steps of encapsulation, and their sums on real bytes."""

from dataclasses import replace

from netviz.dissect.packet import dissect
from netviz.tui.draw.motion import Stage, motion_lines, size_of, stages, whole_of
from netviz.tui.scene import SLIDE_FRAMES


def test_down_across_and_up(make_frames):
    layers = dissect(make_frames([(0, 0x18, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")])[0], 1).layers
    assert [layer.protocol for layer in layers] == ["Ethernet", "IPv4", "TCP", "HTTP"]
    assert stages(layers) == [
        Stage("down", 3),
        Stage("down", 2),
        Stage("down", 1),
        Stage("down", 0),
        Stage("wire", -1),
        Stage("up", 0),
        Stage("up", 1),
        Stage("up", 2),
        Stage("up", 3),
    ]


def test_what_a_layer_hands_on_is_its_own_and_what_it_was_handed(make_frames):
    frame = make_frames([(0, 0x18, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")])[0]
    layers = dissect(frame, 1).layers
    assert whole_of(layers, 0) == len(frame)
    for index in range(len(layers) - 1):
        assert whole_of(layers, index) == size_of(layers[index]) + whole_of(layers, index + 1)


def test_nothing_to_step_through_where_nothing_could_be_read():
    assert stages(()) == []


async def stepped(opened, type_keys, steps, language="en", size=(120, 40)):
    async with opened(language=language, size=size) as (app, pilot):
        app._go(4)
        text = await type_keys(pilot, "2", *["n"] * steps)
        return text.split("\n")


async def test_going_down_each_header_stands_in_front_of_what_it_was_handed(opened, type_keys):
    lines = await stepped(opened, type_keys, 2)
    network = next(line for line in lines if "3 IPv4 20B" in line)
    assert network.index("3 IPv4 20B") < network.index("4 TCP 20B") < network.index("7 HTTP 161B")
    assert any("4 TCP 20B" in line and "message 161B" in line for line in lines)
    assert sum("no bytes of its own: passed through" in line for line in lines) == 2
    assert any("Around the innermost data now: 40 B of headers in 201 B, 19.9%." in line for line in lines)
    assert not any("Ethernet 14B" in line for line in lines)


async def test_going_up_each_header_is_taken_off_and_what_is_below_stays_behind(opened, type_keys):
    lines = await stepped(opened, type_keys, 6)
    network = next(line for line in lines if "3 IPv4 -20B" in line)
    assert network.index("3 IPv4 -20B") < network.index("4 TCP 20B")
    assert any("Ethernet 14B" in line for line in lines)
    assert not any("message 161B" in line for line in lines)


async def test_the_ladders_are_lit_in_step(opened, type_keys):
    for steps, rung in ((0, "▸7 Application"), (1, "▸4 Transport"), (3, "▸2 Data link"), (4, "▸1 Physical")):
        assert any(rung in line for line in await stepped(opened, type_keys, steps))


async def test_a_header_slides_to_its_place_only_where_motion_is_wanted(opened):
    async with opened() as (app, _):
        app._go(4)
        scene = replace(app.scene, step=1)
        places = []
        for slide in range(SLIDE_FRAMES + 1):
            lines = motion_lines(replace(scene, slide=slide), 110, 20)
            places.append(next(line.text.plain.index("4 TCP 20B") for line in lines if "4 TCP 20B" in line.text.plain))
        assert places == sorted(places) and len(set(places)) == SLIDE_FRAMES + 1
        app.moves = False
        app._to_layer(2)
        assert app.scene.slide == SLIDE_FRAMES
