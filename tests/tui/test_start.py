"""The start screen: what it lists, how it is moved in, and what it ends with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from netviz.capture.interfaces import Found
from netviz.cli.shipped import shipped_captures
from netviz.lessons.shelf import LESSONS
from netviz.tui.draw.start_lines import completed, completions
from netviz.tui.start import Beginning, StartApp

MACHINE = [
    Found("lo", 1, True, True, True, addresses=["127.0.0.1/8"]),
    Found("eth9", 1, True, True, False, addresses=["192.0.2.7/24", "2001:db8::7/64"]),
    Found("wlan9", 105, False, False, False, why_not="down"),
]


def app_with(language="en", recent=(), may_capture=True, said=""):
    return StartApp(
        Beginning(list(recent), shipped_captures(), may_capture, said), language, "dark", look=lambda: MACHINE
    )


def lines_of(app: StartApp) -> list[str]:
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


async def shown(pilot: Pilot[int], *keys: str) -> Iterator[str]:
    for key in keys:
        await pilot.press(key)
    await pilot.pause(0.1)
    assert isinstance(pilot.app, StartApp)
    return "\n".join(lines_of(pilot.app))


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40), (300, 20)])
async def test_every_line_fills_the_width_and_the_parts_are_there(language, size):
    app = app_with(language, ["/data/한글 이름.pcap"])
    async with app.run_test(size=size) as pilot:
        text = await shown(pilot)
        assert {cell_len(line) for line in lines_of(app)} == {size[0]}
        wanted = {"en": ["Lessons", "Opened last", "Interfaces"], "ko": ["수업", "최근에 연 캡처", "인터페이스"]}[
            language
        ]
        assert [words for words in wanted if words not in text] == []
        if size[1] >= 40:
            assert "192.0.2.7/24" in text and "demo.pcapng" in text and "한글 이름.pcap" in text


async def test_an_interface_that_can_not_be_used_says_why_and_is_not_watched():
    app = app_with()
    async with app.run_test(size=(120, 40)) as pilot:
        text = await shown(pilot)
        assert "✗ wlan9" in text and "down" in text
        marks = [line.mark for line in app.query_one("#start--interfaces").lines if line.link is not None]
        assert marks == ["live:lo", "live:eth9", "why:wlan9", "live:any"]


async def test_without_the_privilege_the_way_to_it_is_shown():
    app = app_with("ko", may_capture=False)
    async with app.run_test(size=(120, 40)) as pilot:
        assert "sudo" in await shown(pilot)
        assert not any(line.mark.startswith("live:") for line in app.query_one("#start--interfaces").lines)


async def test_a_lesson_and_a_capture_are_opened_with_enter_and_a_recent_file_with_a_click(tmp_path):
    app = app_with()
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await shown(pilot, "down", "enter")
    assert app.chosen is not None and (app.chosen.kind, app.chosen.name) == ("lesson", LESSONS[1].id)
    app = app_with()
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await shown(pilot, *["down"] * (len(LESSONS) + 1), "enter")
    assert app.chosen is not None and Path(app.chosen.name).name == "arp-ping.pcap" and app.chosen.kind == "file"
    app = app_with(recent=[str(tmp_path / "mine.pcap")])
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.click("#start--recent", offset=(4, 1))
        await pilot.pause()
    assert app.chosen is not None and app.chosen.name == str(tmp_path / "mine.pcap")


async def test_a_name_is_completed_and_opened(tmp_path):
    (tmp_path / "captures").mkdir()
    for name in ("alpha.pcap", "alpine.pcapng", "notes.txt"):
        (tmp_path / "captures" / name).write_bytes(b"")
    app = app_with()
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await shown(pilot, "o")
        field = app.query_one("#start--name")
        field.value = str(tmp_path / "cap")
        assert "captures/" in await shown(pilot)
        await shown(pilot, "tab")
        assert field.value == str(tmp_path / "captures") + "/"
        text = await shown(pilot, "tab")
        assert field.value.endswith("captures/alp") and "notes.txt" not in text
        await shown(pilot, "h", "tab", "enter")
    assert app.chosen is not None and app.chosen.name == str(tmp_path / "captures" / "alpha.pcap")


async def test_the_language_changes_and_quitting_chooses_nothing():
    app = app_with(said="gone.pcap: no such file.")
    async with app.run_test(size=(120, 40)) as pilot:
        assert "gone.pcap: no such file." in await shown(pilot)
        assert "수업" in await shown(pilot, "escape", "L")
        await shown(pilot, "ㅂ")
    assert app.chosen is None


def test_hostile_names_are_harmless(tmp_path):
    name = tmp_path / "\x1b]0;evil\x07.pcap"
    name.write_bytes(b"")
    assert completions(str(tmp_path) + "/") == [str(name)]
    assert completed(str(tmp_path / "nothing")) == str(tmp_path / "nothing")
