"""Shipped captures on the screen: cookies stay covered until asked for, the demo opens on its preflight."""

from pathlib import Path

from netviz.capture.opening import open_capture
from netviz.pipeline.analyzer import Analyzer, analyze
from netviz.report.tour import most_telling
from netviz.tui.app import NetvizApp
from netviz.tui.theme import UNICODE

CAPTURES = Path(__file__).parents[2] / "captures"


def app_on(name: str, start_packet: int = 1) -> NetvizApp:
    source = open_capture(str(CAPTURES / name))
    return NetvizApp(Analyzer(source.info), source, "en", "dark", 1, UNICODE, start_packet)


async def ready(app: NetvizApp, pilot: object) -> None:
    while not app.store.finished:
        await pilot.pause(0.05)  # type: ignore[attr-defined]
    await pilot.pause(0.3)  # type: ignore[attr-defined]


async def test_cookies_are_covered_until_a_key_uncovers_them(text_of):
    app = app_on("cookies-login.pcap")
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(app, pilot)
        store = app.store
        number, cookie = next(
            (read.id, read.request.get("Cookie"))
            for read in (store.read(each.id) for each in store.exchanges)
            if read.request is not None and read.request.get("Cookie")
        )
        await pilot.press("4", *["down"] * (number - 1))
        await pilot.pause(0.3)
        secret = cookie.partition("=")[2]
        assert secret not in "\n".join(text_of(app)) and "Cookie" in "\n".join(text_of(app))
        await pilot.press("s")
        await pilot.pause(0.3)
        assert secret[:20] in "\n".join(text_of(app))


async def test_the_demo_opens_on_its_preflight(text_of):
    row = most_telling(analyze(open_capture(str(CAPTURES / "demo.pcapng"))))
    assert row is not None
    app = app_on("demo.pcapng", row + 1)
    async with app.run_test(size=(120, 40)) as pilot:
        await ready(app, pilot)
        assert app.scene.moment.selected == row + 1
        assert "start line OPTIONS" in "\n".join(text_of(app))
