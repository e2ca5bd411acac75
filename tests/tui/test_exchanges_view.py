"""The exchange view in both languages and at three sizes: what it says, and where its lines lead."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from netviz.capture.opening import open_capture
from netviz.explain.words import LANGUAGES, Language, say
from netviz.pipeline.analyzer import Analyzer, analyze
from netviz.tui.app import NetvizApp
from netviz.tui.draw.exchange_panels import about_lines, jar_lines, waterfall_lines
from netviz.tui.draw.lookup_lines import lookup_lines
from netviz.tui.draw.message import request_lines
from netviz.tui.draw.stream_lines import stream_lines
from netviz.tui.moment import Choice, Moment
from netviz.tui.scene import Scene
from netviz.tui.theme import DARK, UNICODE

SIZES = ((80, 24), (120, 40), (200, 60))
SMUGGLED = (
    b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_panel_can_be_brought_to_the_front(
    opened: Any, type_keys: Callable[..., Any], language: Language, size: tuple[int, int]
) -> None:
    async with opened(language=language, size=size) as (_, pilot):
        text = await type_keys(pilot, "4", "down")
        seen = [text]
        for _ in range(8):
            seen.append(await type_keys(pilot, "tab"))
        for name in ("request", "response", "about", "waterfall", "jar", "messages", "stream", "lookups"):
            title = say(f"screen.pane.{name}", language)
            assert any(title in text for text in seen), name


@pytest.mark.parametrize("language", LANGUAGES)
async def test_headers_have_their_meaning_and_lose_it_at_a_key(
    opened: Any, type_keys: Callable[..., Any], language: Language
) -> None:
    async with opened(language=language, size=(200, 60)) as (_, pilot):
        meaning = say("http.field.origin", language)[:12]
        assert meaning in await type_keys(pilot, "4", "down")
        assert meaning not in await type_keys(pilot, "m")
        assert meaning in await type_keys(pilot, "m")


async def test_two_lengths_are_marked_in_the_list_and_told(
    opened: Any, type_keys: Callable[..., Any], make_frames: Callable[..., Any]
) -> None:
    async with opened(make_frames([(0, 24, SMUGGLED)]), size=(120, 40)) as (app, pilot):
        text = await type_keys(pilot, "4", "down")
        row = next(line for line in text.split("\n") if "/x" in line and "POST" in line)
        assert app.scene.glyphs.bad in row
        about = "\n".join(line.text.plain for line in about_lines(app.scene, 110, 40))
        assert re.search(r"Content-Length ends the body after 4 bytes", about)
        assert re.search(r"chunks ends it after 15 bytes", about)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [48, 56, 110])
async def test_lines_fit_and_lead_to_packets_that_have_come(opened: Any, language: Language, width: int) -> None:
    async with opened(language=language) as (app, pilot):
        await pilot.press("4")
        for as_of in (0, 4, 5, 7, 12):
            scene = app.scene
            moment = scene.moment.go(as_of)
            at = scene.with_moment(moment)
            for draw in (about_lines, waterfall_lines, jar_lines, stream_lines, lookup_lines):
                for line in draw(at, width, 20):
                    assert line.text.cell_len <= width, line.text.plain
                    assert line.link is None or line.link.packet <= max(as_of, 1)


async def test_the_stream_covers_secrets(opened: Any, make_frames: Callable[..., Any]) -> None:
    request = (
        b"GET /?token=topsecret HTTP/1.1\r\nHost: h\r\nCookie: sid=topsecret\r\nAuthorization: Bearer topsecret\r\n\r\n"
    )
    async with opened(make_frames([(0, 24, request)])) as (app, pilot):
        await pilot.press("4", "down")
        shown = [line.text.plain for line in stream_lines(app.scene, 100, 20)]
        assert any("Cookie" in line for line in shown)
        assert not any("topsecret" in line for line in shown)


async def test_the_jar_is_filled_once() -> None:
    source = open_capture(str(Path(__file__).parents[2] / "captures" / "demo.pcapng"))
    app = NetvizApp(Analyzer(source.info), source, "en", "dark")
    async with app.run_test(size=(120, 40)) as pilot:
        while not app.store.finished:
            await pilot.pause(0.01)
        assert app.store.cookies() is app.store.cookies()
        assert app.store.password_requests() is app.store.password_requests()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [56, 110])
async def test_a_page_has_the_lookups_that_it_waited_for_as_bars(language: Language, width: int) -> None:
    source = open_capture(str(Path(__file__).parents[2] / "captures" / "demo.pcapng"))
    store = analyze(source)
    scene = Scene(store, Moment(len(store.packets), 34), Choice(0, exchange=4), language, DARK, UNICODE)
    drawn = {
        as_of: waterfall_lines(scene.with_moment(Moment(as_of, min(as_of, 34))), width, 30) for as_of in (26, 28, 82)
    }
    bars = {as_of: [line for line in lines if line.mark.startswith("lookup ")] for as_of, lines in drawn.items()}
    assert [line.link.packet for line in bars[82] if line.link] == [5, 27]
    assert [line.mark for line in bars[82]] == ["lookup www.shop.example", "lookup api.shop.example"]
    assert all(line.text.cell_len <= width for lines in drawn.values() for line in lines)
    assert "#28" in " ".join(line.text.plain for line in drawn[82])


@pytest.mark.parametrize("width", [48, 110])
async def test_a_violation_is_read_whole(opened: Any, make_frames: Callable[..., Any], width: int) -> None:
    async with opened(make_frames([(0, 24, SMUGGLED)])) as (app, pilot):
        await pilot.press("4", "down")
        lines = request_lines(app.scene, width, 30)
        assert all(line.text.cell_len <= width for line in lines)
        said = " ".join(" ".join(line.text.plain.split()) for line in lines)
        assert " ".join(say("http.violation.both-lengths", "en").split()) in said
