"""Copying on the screen: keys typed, what is said, and what the terminal is sent."""

import base64

import pytest
from rich.cells import cell_len

WORDS = {
    "en": ("Copied: Value of the field: GET", "This line", "Copy"),
    "ko": ("복사함: 필드의 값", "이 줄", "복사"),
}


@pytest.fixture
def sent(monkeypatch):
    """Sequences that would have gone to the terminal."""
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    found: list[str] = []
    monkeypatch.setattr("netviz.tui.copying.Copying._write", lambda self, control: found.append(control))
    return found


def clips(sent):
    return [base64.b64decode(control[7:-1]).decode() for control in sent]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_list_offers_what_can_be_copied(opened, type_keys, text_of, sent, size, language):
    async with opened(language=language, size=size) as (app, pilot):
        text = await type_keys(pilot, "tab", "down", "down", "y")
        assert {cell_len(line) for line in text_of(app)} == {size[0]}
        assert "netviz '/captures/hand made.pcap#1'" in text and WORDS[language][1] in text
        assert "eth.dst == 0a:00:00:00:00:09" in text
        text = await type_keys(pilot, "2")
        assert clips(sent) == ["eth.dst == 0a:00:00:00:00:09"]
        assert "eth.dst == 0a:00:00:00:00:09 (28 B)" in text
        await type_keys(pilot, "y", "y")
        assert clips(sent)[1] == "0a:00:00:00:00:09"
        await type_keys(pilot, "y", "escape")
        assert len(sent) == 2


async def test_a_row_is_copied_whole(opened, type_keys, sent):
    async with opened(size=(80, 24)) as (_app, pilot):
        await type_keys(pilot, "y", "1")
        assert clips(sent)[0].startswith("1 0.000000  10.0.0.2  10.0.0.9") and "Win=502" in clips(sent)[0]


async def test_keys_of_the_list_work_in_hangul_mode(opened, type_keys, sent):
    async with opened() as (_app, pilot):
        await type_keys(pilot, "ㅛ", "ㅛ")
        assert len(sent) == 1


async def test_what_is_too_long_is_cut_and_said(opened, text_of, sent):
    async with opened() as (app, pilot):
        app.copy("x" * 60_000, "all")
        await pilot.pause()
        assert "Copied the first 56000 B" in text_of(app)[-1]
        assert app.store.limit_counter.counts["clipboard_bytes"] == 1
        assert len(clips(sent)[0]) == 56_000


async def test_back_and_forward(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "g", "7", "enter", "g", "3", "enter")
        seen = []
        for key in ("b", "b", "b", "F", "alt+right", "F"):
            await type_keys(pilot, key)
            seen.append(app.scene.moment.selected)
        assert seen == [7, 1, 1, 7, 3, 3]


@pytest.mark.parametrize(("packet", "selected"), [(6, 6), (99, 12)])
async def test_it_opens_at_a_packet(opened, text_of, packet, selected):
    async with opened(start_packet=packet) as (app, _pilot):
        assert app.scene.moment.selected == selected
        assert ("There is no packet 99" in "\n".join(text_of(app))) == (packet == 99)
