"""The steps of encapsulation, and their sums on real bytes."""

from netviz.dissect.packet import dissect
from netviz.tui.draw.motion import Stage, size_of, stages, whole_of


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
