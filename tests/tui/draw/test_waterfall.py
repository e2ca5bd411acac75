"""The waterfall's axis at every width, and TLS connections as bars: no mark runs into another, no line is too long."""

from pathlib import Path

import pytest
from rich.cells import cell_len

from netviz.capture.opening import open_capture
from netviz.explain.words import LANGUAGES, Language
from netviz.pipeline.analyzer import analyze
from netviz.tui.draw.exchange_panels import _axis, waterfall_lines
from netviz.tui.draw.tls_lines import tls_lines
from netviz.tui.moment import Choice, Moment
from netviz.tui.scene import Scene
from netviz.tui.theme import ASCII, PALETTES, UNICODE, Glyphs

CAPTURES = Path(__file__).parents[3] / "captures"


def scene(name: str, as_of: int | None = None, language: Language = "en", glyphs: Glyphs = UNICODE) -> Scene:
    store = analyze(open_capture(str(CAPTURES / name)))
    total = as_of or len(store.packets)
    exchange = 1 if store.exchanges else None
    return Scene(store, Moment(total, total), Choice(exchange=exchange), language, PALETTES[0], glyphs)


@pytest.mark.parametrize("room", range(16, 60))
@pytest.mark.parametrize("length", [1_763_000_000, 950_000, 12_345_678_901, 1_000])
def test_the_marks_of_the_axis_never_touch(room: int, length: int) -> None:
    text = _axis(scene("arp-ping.pcap"), 0, length, 20, room).text.plain
    assert cell_len(text) == 22 + room
    marks = text.split("  ")
    words = text.split()
    assert words[0] == "0" and len(words) in (3, 5), marks
    assert "…" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [58, 78, 120])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_tls_connections_are_bars(language: Language, width: int, glyphs: Glyphs) -> None:
    lines = tls_lines(scene("https.pcap", language=language, glyphs=glyphs), width)
    assert all(cell_len(line.text.plain) <= width for line in lines if not line.mark.startswith("tls "))
    bars = [line.text.plain for line in lines if line.mark.startswith("tls ")]
    assert len(bars) == 2 and all("shop.example" in bar and " ms" in bar for bar in bars)
    handshake, data = ("#", "<>") if glyphs is ASCII else ("▓", "←→")
    assert all(handshake in bar and set(data) & set(bar) for bar in bars)
    assert any(set(data) <= set(bar) for bar in bars)


def test_tls_is_drawn_as_of_a_packet() -> None:
    assert tls_lines(scene("https.pcap", 4), 80) == []
    early = [line.text.plain for line in tls_lines(scene("https.pcap", 6), 80)]
    assert any("Client Hello" in line for line in early) and not any("Server Hello" in line for line in early)


def test_a_page_without_tls_says_nothing_of_it() -> None:
    lines = [line.text.plain for line in waterfall_lines(scene("page-load.pcap"), 80, 20)]
    assert not any("TLS" in line for line in lines) and any("style" in line for line in lines)
