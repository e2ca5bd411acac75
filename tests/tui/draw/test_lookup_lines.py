"""The panel of DNS lookups as of a packet: one line each, the selected one whole, nothing of the future."""

from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.explain.words import LANGUAGES, Language
from netviz.pipeline.analyzer import Analyzer
from netviz.tui.app import NetvizApp
from netviz.tui.draw.lookup_lines import lookup_lines

UDP_DNS = Path(__file__).parents[3] / "captures" / "udp-dns.pcap"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [40, 58, 110])
async def test_it_tells_what_had_come(language: Language, width: int) -> None:
    source = open_capture(str(UDP_DNS))
    app = NetvizApp(Analyzer(source.info), source, language, "dark")
    async with app.run_test(size=(120, 40)) as pilot:
        while not app.store.finished:
            await pilot.pause(0.01)
        seen = {}
        for as_of in (1, 3, 4, 10):
            scene = app.scene.with_moment(app.scene.moment.go(as_of))
            lines = lookup_lines(scene, width, 20)
            assert all(line.text.cell_len <= width for line in lines)
            assert all(line.link is None or line.link.packet <= as_of for line in lines)
            seen[as_of] = " ".join(" ".join(line.text.plain.split()) for line in lines)
        assert "www.shop.example" not in seen[1]
        assert "10.9.0.1:53" in seen[3] and "A 10.9.0.1" not in seen[3]
        assert "A 10.9.0.1" in seen[4] and "NXDOMAIN" not in seen[4]
        assert "NXDOMAIN" in seen[10]
