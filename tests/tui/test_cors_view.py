"""View 5 on shipped captures: what a web developer needs stands on the first screen, in both languages, at two sizes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from netviz.capture.opening import open_capture
from netviz.explain.words import Language
from netviz.pipeline.analyzer import Analyzer
from netviz.tui.app import NetvizApp
from netviz.tui.theme import UNICODE

CAPTURES = Path(__file__).parents[2] / "captures"
SIZES = [(80, 24), (120, 40)]


@asynccontextmanager
async def view_of(
    name: str, size: tuple[int, int], language: Language = "en"
) -> AsyncIterator[tuple[NetvizApp, object]]:
    """The application on a capture, with view 5 in front and its verdicts worked out."""
    source = open_capture(str(CAPTURES / name))
    app = NetvizApp(Analyzer(source.info), source, language, "dark", 1, UNICODE, 1)
    async with app.run_test(size=size) as pilot:
        while not app.store.finished:
            await pilot.pause(0.02)
        await pilot.press("5")
        while app.scene.fetches is None or app._judging:
            await pilot.pause(0.02)
        await pilot.pause(0.1)
        yield app, pilot


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("name", "language", "texts"),
    [
        ("cors/cookie-wildcard-named.pcap", "en",
         ["WildcardOriginNotAllowed", "Access-Control-Allow-Origin: *", "packet 19", "+ Access-Control-Allow-Origin: http://www"]),
        ("cors/cookie-wildcard-named.pcap", "ko", ["WildcardOriginNotAllowed", "패킷 19", "+ Vary: Origin"]),
        ("cors/preflight-second-header-named.pcap", "en",
         ["HeaderDisallowedByPreflightResponse", "+ Access-Control-Allow-Headers:", "CORSMissingAllowHeaderFromPreflight"]),
    ],
)  # fmt: skip
async def test_a_block_its_header_its_packet_and_the_line_to_add(text_of, size, name, language, texts) -> None:
    async with view_of(name, size, language) as (app, _):
        screen = "\n".join(text_of(app))
        assert not [text for text in texts if text not in screen], screen


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_to_judge_says_what_to_do(text_of, size) -> None:
    async with view_of("arp-ping.pcap", size) as (app, _):
        screen = "\n".join(text_of(app))
        words = " ".join(screen.split())
        assert "No HTTP request in this capture" in words and "netviz demo" in words


async def test_where_nothing_crosses_origins_it_is_said(text_of) -> None:
    async with view_of("http-keep-alive.pcap", (80, 24)) as (app, _):
        crossing = [fetch for fetch in app.scene.fetches or () if fetch.kind not in ("navigation", "same-origin")]
        assert ("No cross-origin request" in "\n".join(text_of(app))) is not bool(crossing)


async def test_panels_of_a_fetch(text_of) -> None:
    async with view_of("cors/exposed-one-loopback.pcap", (200, 60)) as (app, _):
        screen = "\n".join(text_of(app))
        assert "✓ X-Tea: green" in screen and "✗ X-Cup: 2" in screen, "what JavaScript may read"
        assert "One difference is enough: another origin." in screen
        assert "8101" in screen and "8102" in screen


async def test_the_configurations_are_below(text_of) -> None:
    async with view_of("cors/preflight-status-401-named.pcap", (120, 40)) as (app, pilot):
        view = app.view
        await pilot.press("z") if view.front is view.panes[3] else view.zoom(view.panes[3])
        await pilot.pause(0.2)
        view.panes[3].scene_changed()
        text = "\n".join(line.text.plain for line in view.panes[3].lines)
        for name in ("nginx", "express", "flask", "fastapi", "spring"):
            assert f" {name}" in text
        assert "add_header Access-Control-Allow-Origin $cors_origin always;" in " ".join(text.split())


async def test_findings_lead_to_their_bytes(text_of) -> None:
    async with view_of("cors/preflight-status-401-named.pcap", (120, 60)) as (app, _):
        found = [line for line in app.view.panes[1].lines if line.mark.startswith("finding")]
        assert found and found[0].link is not None and found[0].link.packet == 19


async def test_a_preflights_answer_is_kept_until(text_of) -> None:
    async with view_of("cors/cache-600-named.pcap", (200, 60)) as (app, _):
        assert "Kept for 600 s: chromium does not ask again until" in "\n".join(text_of(app))


async def test_before_the_answer_nothing_of_it_is_told(text_of) -> None:
    async with view_of("cors/preflight-status-401-named.pcap", (120, 40)) as (app, pilot):
        while app.scene.moment.as_of > 18:
            await pilot.press("comma")
        screen = "\n".join(text_of(app))
        assert "PreflightInvalidStatus" not in screen and "login check" not in screen and "204 No Content" not in screen
