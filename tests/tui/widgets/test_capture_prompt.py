"""What of an interface is captured: chosen in plain words or written, told where it is wrong, by keys and by mouse."""

import pytest
from rich.cells import cell_len
from textual.widgets import Input

from netviz.capture.filter import check_filter
from netviz.capture.interfaces import Found
from netviz.errors import BadArgument
from netviz.explain.words import has
from netviz.tui.draw.capture_choices import CHOICES, command_of
from netviz.tui.start import Beginning, StartApp

MACHINE = [
    Found("eth9", 1, True, True, False, addresses=["192.0.2.7/24"]),
    Found("lo", 1, True, True, True, addresses=["127.0.0.1/8"]),
    Found("wlan9", 105, False, False, False, why_not="down"),
    Found("usb9", 1, True, False, False, why_not="no-carrier"),
]
SIZES = [(80, 24), (120, 40), (200, 60)]


def app_with(language="en", may_capture=True):
    return StartApp(Beginning(["/a.pcap"], [], may_capture), language, "dark", look=lambda: MACHINE)


def lines_of(app):
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


async def pressed(pilot, *keys):
    for key in keys:
        await pilot.press(key)
    await pilot.pause(0.05)
    return "\n".join(lines_of(pilot.app))


async def asked(pilot):
    """The question about the first interface."""
    await pilot.pause(0.05)
    return await pressed(pilot, "tab", "enter")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language, words", [("en", "Web (HTTP, port 80)"), ("ko", "웹(HTTP, 포트 80)")])
async def test_all_choices_are_in_sight_in_plain_words_and_in_bpf(language, words, size):
    async with app_with(language).run_test(size=size) as pilot:
        text = await asked(pilot)
        assert words in text and "tcp port 80" in text and "not tcp port 22" in text
        assert "netviz live -i eth9" in text and {cell_len(line) for line in lines_of(pilot.app)} == {size[0]}
        assert all(f"{number % 10} " in text for number in range(1, len(CHOICES) + 1))


@pytest.mark.parametrize(
    "keys, wanted",
    [
        (["enter"], ""),
        (["2"], "tcp port 80"),
        (["down", "enter"], "tcp port 80"),
        (["0"], "not tcp port 22"),
        (["6"], "port 53"),
        (["tab", *"arp", "enter"], "arp"),
        (["4", *"10.0.0.1", "enter"], "host 10.0.0.1"),
        (["down", "down", "down", "down", "enter", *"8080", "enter"], "port 8080"),
    ],
)
async def test_keys_choose_what_is_captured(keys, wanted):
    app = app_with()
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pressed(pilot, *keys)
    assert app.chosen is not None
    assert (app.chosen.kind, app.chosen.name, app.chosen.filter) == ("live", "eth9", wanted)


@pytest.mark.parametrize("size", SIZES)
async def test_a_click_takes_a_choice(size):
    app = app_with("ko")
    async with app.run_test(size=size) as pilot:
        await asked(pilot)
        await pilot.click("#capture--choices", offset=(5, 5))
        await pilot.pause(0.05)
    assert app.chosen is not None and app.chosen.filter == "port 53"


async def test_the_line_of_keys_can_be_clicked():
    app = app_with()
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pressed(pilot, "down")
        await pilot.click("#capture--keys", offset=(3, 0))
        await pilot.pause(0.05)
    assert app.chosen is not None and app.chosen.filter == "tcp port 80"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "ko"])
async def test_a_wrong_filter_is_shown_with_the_place_and_nothing_starts(language, size):
    app = app_with(language)
    async with app.run_test(size=size) as pilot:
        await asked(pilot)
        text = await pressed(pilot, "tab", *"tcp port 80 and", "space", *"foo", "enter")
        assert app.chosen is None and "foo" in text
        lines = text.split("\n")
        at = next(number for number, line in enumerate(lines) if "^^^" in line)
        assert lines[at - 1].index("foo") == lines[at].index("^^^")
        assert {"en": "goes wrong at `foo`", "ko": "`foo`에서 틀렸습니다"}[language] in text
        assert app.focused is app.screen.query_one(Input)
        await pressed(pilot, *["backspace"] * 7, "enter")
    assert app.chosen is not None and app.chosen.filter == "tcp port 80"


async def test_what_is_not_finished_is_not_started_and_escape_goes_back():
    app = app_with()
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        assert "not finished" in await pressed(pilot, "4", "enter")
        text = await pressed(pilot, "escape")
        assert "Capture on eth9" not in text and app.chosen is None
        await pressed(pilot, "q")
    assert app.chosen is None


async def test_over_ssh_the_screens_own_traffic_is_left_out_first(monkeypatch):
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.7 22")
    app = app_with()
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(pilot)
        await pressed(pilot, "enter")
    assert app.chosen is not None and app.chosen.filter == "not tcp port 22"


@pytest.mark.parametrize(
    "downs, language, words",
    [
        (2, "en", "sudo ip link set wlan9 up"),
        (2, "ko", "sudo ip link set wlan9 up"),
        (3, "en", "nothing is connected"),
        (3, "ko", "연결된 것이 없습니다"),
    ],
)
async def test_picking_what_can_not_be_used_says_why_and_what_to_type(downs, language, words):
    app = app_with(language)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause(0.05)
        assert words in await pressed(pilot, "tab", *["down"] * downs, "enter")
    assert app.chosen is None


async def test_without_the_privilege_picking_names_the_command():
    app = app_with(may_capture=False)
    async with app.run_test(size=(120, 40)) as pilot:
        assert "sudo netviz live -i eth9" in await asked(pilot)
    assert app.chosen is None


async def test_all_interfaces_at_once_can_be_picked():
    app = app_with()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause(0.05)
        assert "Capture on any" in await pressed(pilot, "tab", "down", "down", "down", "down", "enter")


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.key)
@pytest.mark.parametrize("link_type", [1, 101, 113])
def test_every_choice_has_its_words_and_compiles(choice, link_type):
    assert has(f"screen.capture.{choice.key}")
    text = {"host": "host 10.0.0.1", "port": "port 8080"}.get(choice.key, choice.filter)
    assert text.startswith(choice.filter)
    try:
        check_filter(text, link_type) if text else None
    except BadArgument as error:
        # Where frames have no link header that says it, ARP can not be asked for.
        assert (choice.key == "arp" and error.key in ("filter-never", "bad-filter")) or error.key == "no-libpcap"


def test_the_command_is_written_so_that_a_shell_takes_it():
    assert command_of("eth0", "") == "netviz live -i eth0"
    assert command_of("a b", "tcp port 80") == "netviz live -i 'a b' -f 'tcp port 80'"
