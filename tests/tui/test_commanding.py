"""The command list: everything is in it, is found in both languages, and is done."""

import pytest

from netviz.tui.app import NetvizApp
from netviz.tui.commands import Elsewhere, commands, found_commands
from netviz.tui.keys import KEYS
from netviz.tui.widgets.command_screen import CommandScreen

CAPTURES = [("/captures/demo.pcapng", {"en": "A page load", "ko": "페이지 로드"}, 82)]


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_every_key_of_the_view_is_offered_and_every_action_exists(opened, language):
    async with opened(language=language) as (app, _):
        for view in range(1, 7):
            offered = commands(app.scene, view, Elsewhere(lambda: CAPTURES, ["/data/my.pcap"]))
            assert len({(command.title, command.action) for command in offered}) == len(offered)
            wanted = {row.action for row in KEYS if row.action and (not row.views or view in row.views)} - {"commands"}
            assert wanted <= {command.action for command in offered}
            names = {
                command.action.removeprefix("app.").partition("(")[0] for command in offered if not command.on_pane
            }
            assert {name for name in names if not hasattr(NetvizApp, f"action_{name}")} == set()


@pytest.mark.parametrize(
    ("language", "wanted", "action"),
    [
        ("en", "high contrast", "look('contrast')"),
        ("ko", "고대비", "look('contrast')"),
        ("ko", "high contrast", "look('contrast')"),
        ("en", "고대비", "look('contrast')"),
        ("ko", "ㄱㄷㅂ", "look('contrast')"),
        ("en", "firefox", "judge_as('firefox')"),
        ("en", "7", "to_packet(7)"),
        ("en", "#7", "to_packet(7)"),
        ("en", "page load", "elsewhere('file:/captures/demo.pcapng')"),
        ("ko", "my.pcap", "elsewhere('file:/data/my.pcap')"),
    ],
)
async def test_what_is_wanted_is_found_first(opened, language, wanted, action):
    async with opened(language=language) as (app, _):
        offered = commands(app.scene, 1, Elsewhere(lambda: CAPTURES, ["/data/my.pcap"]))
        assert found_commands(app.scene, offered, wanted)[0].action == action


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 18)])
@pytest.mark.parametrize("language", ["en", "ko"])
async def test_a_command_is_typed_and_done(opened, type_keys, size, language):
    async with opened(language=language, size=size) as (app, pilot):
        text = await type_keys(pilot, "ctrl+p")
        assert isinstance(app.screen, CommandScreen)
        assert {"en": "What to do?", "ko": "무엇을 할까요?"}[language] in text
        text = await type_keys(pilot, *"light")
        assert {"en": "Theme: light", "ko": "테마: 밝음"}[language] in text
        await type_keys(pilot, "enter")
        assert app.scene.palette.name == "netviz-light" and not isinstance(app.screen, CommandScreen)


async def test_a_colon_and_a_number_go_to_a_packet_and_back_returns(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, ":", "5", "enter")
        assert app.scene.moment.selected == 5
        await type_keys(pilot, "b")
        assert app.scene.moment.selected == 1


async def test_a_pane_does_what_its_key_would(opened, type_keys):
    async with opened() as (app, pilot):
        await type_keys(pilot, "ctrl+p", *"last line", "enter")
        assert app.scene.moment.selected == app.scene.total
        await type_keys(pilot, "ctrl+p", *"connections: ladder", "enter")
        assert app.view_number == 3


async def test_a_filter_is_used_again_and_nothing_is_found_quietly(opened, type_keys):
    async with opened() as (app, pilot):
        app.use_filter('http.request.method == "PUT"')
        await type_keys(pilot, "ctrl+p", *"qqqq", "enter")
        assert isinstance(app.screen, CommandScreen)
        await type_keys(pilot, "escape")
        app.use_filter("")
        await type_keys(pilot, "ctrl+p", *"again http.request", "enter")
        assert app.scene.shown is not None and app.scene.shown.matched(app.scene.total) == 1


async def test_another_capture_ends_this_one(opened, type_keys):
    async with opened() as (app, pilot):
        app.elsewhere = Elsewhere(lambda: CAPTURES)
        await type_keys(pilot, "ctrl+p", *"page load")
        await pilot.press("enter")
        await pilot.pause()
    assert app.elsewhere.wanted == "file:/captures/demo.pcapng"
