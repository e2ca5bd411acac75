"""View 6: counts that obey the position, tables in any order, each row with its packets."""

import pytest
from rich.cells import cell_len

WORDS = {
    "en": ["Protocols", "Bytes by layer", "Rate over time", "Packet lengths", "Conversations"],
    "ko": ["프로토콜", "계층별 바이트", "전송률", "패킷 길이", "대화"],
}


def bring(app, part):
    app.view.bring(next(pane for pane in app.view.panes if pane.id == f"statistics--{part}"))


@pytest.mark.parametrize("language", WORDS)
async def test_all_of_it_is_there(opened, type_keys, language):
    async with opened(language=language) as (_, pilot):
        text = await type_keys(pilot, "6")
        assert [words for words in WORDS[language] if words not in text] == []
        for words in ("Ethernet", "IPv4", "TCP", "HTTP", "10.0.0.2:51515", "100 %"):
            assert words in text


@pytest.mark.parametrize(("language", "size"), [("ko", (80, 24)), ("en", (120, 40)), ("ko", (200, 60))])
async def test_every_pane_fills_its_lines(opened, type_keys, text_of, language, size):
    async with opened(language=language, size=size) as (app, pilot):
        await type_keys(pilot, "6")
        for pane in app.view.panes:
            await type_keys(pilot, "tab", "down", "v", "x")
            assert {cell_len(line) for line in text_of(app)} == {size[0]}, pane.id


async def test_counts_obey_the_position_backwards_too(opened, type_keys):
    async with opened(size=(200, 60)) as (app, pilot):
        assert "HTTP  " in await type_keys(pilot, "6")
        app._go(3)
        assert "HTTP  " not in await type_keys(pilot, "6")
        app._go(12)
        assert "HTTP  " in await type_keys(pilot, "6")


async def test_enter_on_a_protocol_goes_to_its_first_packet(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "6", "down", "down", "down", "enter")
        assert (app.view_number, app.scene.moment.selected) == (1, 4)
        await type_keys(pilot, "b")
        assert app.view_number == 6


async def test_a_table_is_put_in_another_order(opened, type_keys):
    async with opened(size=(200, 60)) as (app, pilot):
        await type_keys(pilot, "6")
        bring(app, "endpoints")
        assert "Bytes▾" in await type_keys(pilot, "x", "x")
        assert "Bytes▲" in await type_keys(pilot, "x")
        assert "Sent▲" in await type_keys(pilot, "v", "v")


async def test_no_packet_is_said(opened, type_keys, text_of):
    async with opened(frames=[]) as (app, pilot):
        await type_keys(pilot, "6")
        bring(app, "conversations")
        assert "No packet with IP addresses" in await type_keys(pilot, "down", "enter", "v")


async def test_findings_lead_to_their_packet(opened, type_keys, make_frames):
    frames = make_frames([(0, 0x02, b""), (1, 0x14, b"")])
    async with opened(frames=frames, size=(200, 60)) as (app, pilot):
        assert "connection reset (RST)" in await type_keys(pilot, "6")
        bring(app, "findings")
        await type_keys(pilot, "down", "enter")
        assert (app.view_number, app.scene.moment.selected) == (1, 2)
