"""The panel of routes: empty until a router answered, then each hop leads to its answer."""

from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.pipeline.analyzer import analyze
from netviz.tui.draw.route_lines import route_lines
from netviz.tui.moment import Choice, Moment
from netviz.tui.scene import Scene
from netviz.tui.theme import PALETTES, UNICODE

CAPTURES = Path(__file__).parents[3] / "captures"


@pytest.mark.parametrize("language, words", [("en", "No route:"), ("ko", "경로가 없습니다")])
def test_where_there_is_none_it_says_how_to_get_one(language, words):
    store = analyze(open_capture(str(CAPTURES / "arp-ping.pcap")))
    scene = Scene(store, Moment(as_of=len(store.packets)), Choice(), language, PALETTES[0], UNICODE)
    text = "\n".join(line.text.plain for line in route_lines(scene, 60, 20))
    assert words in text and "netviz lab traceroute" in text
