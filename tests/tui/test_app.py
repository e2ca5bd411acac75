"""The screen as its users meet it: frames in, keys typed, the screen's text out."""

import pytest
from rich.cells import cell_len

from netviz.errors import UnreadableCapture
from netviz.model.evidence import Span

BOTH = ["en", "ko"]


@pytest.mark.parametrize(
    ("language", "size"), [("ko", (80, 24)), ("en", (80, 24)), ("ko", (120, 40)), ("en", (200, 60))]
)
async def test_every_line_of_every_view_and_pane_fills_the_width_exactly(opened, type_keys, text_of, size, language):
    async with opened(language=language, size=size) as (app, pilot):
        for view in "123456":
            await type_keys(pilot, view)
            for _ in app.view.panes:
                await type_keys(pilot, "tab", "down")
                assert {cell_len(line) for line in text_of(app)} == {size[0]}
                assert len(text_of(app)) == size[1]


VIEWS = {
    "1": ["OPTIONS /api/items/7", "HTTP/1.1 200 OK", "Ethernet", "54 B"],
    "2": ["7", "4", "3", "2", "1", "TCP"],
    "3": ["10.0.0.2:51515", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-2", "LAST-ACK", "TIME-WAIT", "1/3"],
    "4": ["OPTIONS", "PUT", "204", "200", "x-api-key", "https://site.example"],
    "5": ["https://site.example", "✗", "✓", "AllowOriginMismatch", "#7"],
}


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("view", VIEWS)
async def test_each_view_says_what_was_captured(opened, type_keys, view, language):
    async with opened(language=language) as (_, pilot):
        text = await type_keys(pilot, view)
        assert [words for words in VIEWS[view] if words not in text] == []


async def test_the_language_changes_at_a_key_and_back(opened, type_keys):
    async with opened() as (_, pilot):
        assert "패킷" in await type_keys(pilot, "L")
        assert "Packets" in await type_keys(pilot, "l")


async def test_stepping_shows_only_what_had_come_by_then_and_back_again(opened, type_keys):
    async with opened() as (app, pilot):
        text = await type_keys(pilot, "left_curly_bracket", "full_stop", "full_stop")
        assert app.scene.moment.as_of == app.scene.moment.selected == 3
        assert "#3 of 12" in text and "OPTIONS" not in text
        assert "OPTIONS" in await type_keys(pilot, "full_stop")
        assert "OPTIONS" not in await type_keys(pilot, "comma")
        assert "200 OK" in await type_keys(pilot, "right_curly_bracket")


async def test_states_exchanges_and_verdicts_obey_the_position_backwards_too(opened, type_keys):
    async with opened() as (app, pilot):
        text = await type_keys(pilot, "5")
        assert "blocked" in text
        app._go(6)
        assert "blocked" not in await type_keys(pilot, "5")
        text = await type_keys(pilot, "4")
        assert "PUT" in text and "No response up to this packet" not in text.split("PUT", 1)[0]
        app._go(2)
        assert "No HTTP exchange up to this packet" in await type_keys(pilot, "4")
        text = await type_keys(pilot, "3")
        assert "C:ESTABLISHED" in text and "SYN-RECEIVED:S" in text
        app._go(11)
        text = await type_keys(pilot, "3")
        assert "C:TIME-WAIT" in text and "LAST-ACK:S" in text


async def test_events_are_jumped_to(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "left_curly_bracket", "right_square_bracket", "right_square_bracket")
        assert app.scene.moment.selected == 4
        await type_keys(pilot, "left_square_bracket")
        assert app.scene.moment.selected == 2


async def test_moving_to_a_field_lights_its_bytes_and_its_words_stand_on_the_border(opened, type_keys):
    async with opened() as (app, pilot):
        text = await type_keys(pilot, "tab", "down", "down")
        assert app.scene.moment.lit == Span(0, 6)
        assert "0a:00:00:00:00:09 · bytes 0 to 5" in text


async def test_a_clicked_byte_lights_its_field(opened, text_of):
    async with opened() as (app, pilot):
        panel = next(pane for pane in app.view.panes if pane.id == "packets--bytes")
        # The row of offset 0x10, the seventh byte of it: the time to live at 0x16.
        assert await pilot.click(panel, offset=(1 + 7 + 3 * 6, 1 + 1))
        await pilot.pause()
        assert app.scene.moment.lit == Span(22, 23)
        assert any("TTL" in line and "bytes 22 to 22" in line for line in text_of(app))


async def test_a_failed_check_leads_to_its_bytes_and_back(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "5", "tab")
        panel = app.view.panes[1]
        failed = next(index for index, line in enumerate(panel.lines) if line.text.plain.startswith("  ✗"))
        for _ in range(len(panel.lines)):
            if panel.at == failed:
                break
            await pilot.press("down")
            await pilot.pause()
        await type_keys(pilot, "enter")
        moment = app.scene.moment
        assert app.view_number == 1 and moment.selected == 7
        assert app.scene.frame[moment.lit.start : moment.lit.end] == b"https://other.example"
        await type_keys(pilot, "backspace")
        assert app.view_number == 5


async def test_a_packet_takes_its_connection_exchange_and_fetch_with_it(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "g", "6", "enter", "5")
        assert app.scene.moment.selected == 6
        assert (app.scene.choice.connection, app.scene.choice.exchange, app.scene.choice.fetch) == (0, 2, 1)


async def test_the_packet_goes_down_and_up_the_layers_in_steps(opened, type_keys):
    async with opened() as (_, pilot):
        text = await type_keys(pilot, "g", "6", "enter", "2")
        assert "step 1 of 9" in text
        assert "20 + 174 = 194 B" in (text := await type_keys(pilot, "n")) or "20 + 1" in text
        assert "travel as bits" in await type_keys(pilot, "n", "n", "n")
        assert "takes off its 14 B" in await type_keys(pilot, "n")
        assert "travel as bits" in await type_keys(pilot, "p")


async def test_keys_of_one_view_do_nothing_in_another(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "n", "n")
        assert app.scene.step == 0


async def test_keys_work_in_hangul_mode(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "ㅓ", "ㅓ", "ㅏ")
        assert app.scene.moment.selected == 2


async def test_rows_tabs_and_buttons_are_clicked(opened, text_of):
    async with opened() as (app, pilot):
        await pilot.click("#packets--list", offset=(5, 5))
        await pilot.pause()
        assert app.scene.moment.selected == 4
        column = text_of(app)[0].index("3 Connections")
        await pilot.click("#top", offset=(column, 0))
        await pilot.pause(0.05)
        assert app.view_number == 3
        track = text_of(app)[-2]
        await pilot.click("#playback", offset=(track.index("●"), 0))
        await pilot.pause()
        assert app.scene.moment.as_of == 12


async def test_help_names_every_key_of_the_table(opened, type_keys):
    from netviz.tui.keys import KEYS

    async with opened(size=(120, 60)) as (app, pilot):
        text = await type_keys(pilot, "question_mark")
        panel = app.screen.query_one("#help")
        # A help of two lines is one sentence.
        whole = " ".join(" ".join(line.text.plain for line in panel.lines).split())
        assert [row.id for row in KEYS if app.scene.say(f"help.{row.id}").split(",")[0] not in whole] == []
        assert "Moving" in text
        assert "Moving" not in await type_keys(pilot, "escape")


async def test_a_pane_takes_all_the_room_at_a_key(opened, type_keys):
    async with opened() as (_, pilot):
        text = await type_keys(pilot, "tab", "z")
        assert "Layers and fields" in text and "Encapsulation" not in text
        assert "Encapsulation" in await type_keys(pilot, "z")


async def test_in_a_small_terminal_tab_goes_through_all_panels(opened, type_keys):
    async with opened(size=(80, 24)) as (_, pilot):
        assert "Layers and fields" in await type_keys(pilot, "tab")
        assert "Encapsulation" in await type_keys(pilot, "tab")
        text = await type_keys(pilot, "tab")
        assert "0000  0a 00" in text and "Encapsulation" not in text


@pytest.mark.parametrize("theme", ["dark", "light", "contrast", "sixteen"])
async def test_themes_change_colours_and_no_words(opened, text_of, theme):
    async with opened(theme="dark") as (app, _):
        plain = text_of(app)
    async with opened(theme=theme) as (app, _):
        assert text_of(app) == plain
        assert app.scene.palette.name == f"netviz-{theme}"


async def test_an_empty_capture_says_so(opened, type_keys):
    async with opened(frames=[]) as (_, pilot):
        assert "This capture holds no packet." in await type_keys(pilot, "1")
        for view in "2345":
            await type_keys(pilot, view, "down", "enter", "full_stop", "right_square_bracket", "space")


async def test_an_error_is_a_sentence_and_the_exit_status_is_1(opened, type_keys):
    error = UnreadableCapture("missing-file", file="x.pcap")
    async with opened(frames=[], fails=error) as (app, pilot):
        assert "x.pcap: no such file." in await type_keys(pilot, "1")
        await pilot.press("q")
    assert app.return_value == 1


async def test_an_error_after_packets_keeps_what_was_read(opened, type_keys):
    async with opened(fails=ValueError("odd\x1b]0;title\x07")) as (_, pilot):
        text = await type_keys(pilot, "1")
        assert "stopped by an error" in text and "OPTIONS" in text


async def test_a_terminal_that_is_too_small_is_told_so(opened, text_of):
    async with opened(size=(50, 12)) as (app, pilot):
        assert any("50x12" in line for line in text_of(app))
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert any("OPTIONS" in line for line in text_of(app))


async def test_playing_goes_to_the_end_and_stops(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "space")
        assert app.playback.playing
        app._play(60.0)
        await pilot.pause()
        assert app.scene.moment.as_of == 12 and not app.playback.playing


async def test_without_colour_the_screen_says_the_same(opened, text_of, monkeypatch):
    async with opened() as (app, _):
        coloured = text_of(app)
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened() as (app, pilot):
        assert app.no_color
        assert text_of(app) == coloured
        for view in "2345":
            await pilot.press(view)
            await pilot.pause()


async def test_a_timer_that_fires_while_the_screen_is_taken_down_paints_nothing(opened):
    async with opened() as (app, _):
        pass
    app.store.version += 1
    app._on_time()
    assert app.scene.version != app.store.version
