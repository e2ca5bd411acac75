"""However the screen ends, the terminal is as it was: by a signal, by Ctrl-C, by a kill; and Ctrl-Z comes back."""

import signal
import sys
from pathlib import Path

import pytest

DEMO = Path(__file__).parents[2] / "captures" / "demo.pcapng"
NETVIZ = [sys.executable, "-P", "-m", "netviz"]
WORDS = {"en": "The screen was ended by {}", "ko": "{} 신호를 받아 화면을 끝냈습니다"}
KILLED = {"en": "netviz was killed", "ko": "netviz가 강제로 종료되었습니다"}


@pytest.fixture
def screen(terminal, tmp_path):
    """A screen that shows the demonstration, or the start screen."""

    def start(language="en", *arguments):
        program = terminal(
            [*NETVIZ, *(arguments or [str(DEMO)]), "--lang", language],
            (120, 40),
            XDG_STATE_HOME=str(tmp_path / "state"),
        )
        program.shows("demo.pcapng")
        return program

    return start


@pytest.mark.parametrize("number, language", [(signal.SIGTERM, "en"), (signal.SIGHUP, "ko")], ids=str)
def test_a_signal_ends_the_screen_in_good_order_and_is_named(screen, number, language):
    program = screen(language)
    assert program.is_raw()
    program.process.send_signal(number)
    assert program.ends() == 0
    assert WORDS[language].format(number.name) in program.text
    assert not program.is_raw() and b"\x1b[?1049l" in program.heard


@pytest.mark.parametrize("language", ["ko"])
def test_after_a_kill_the_terminal_is_put_back(screen, language):
    program = screen(language)
    program.forget()
    program.process.kill()
    assert KILLED[language] in program.shows(KILLED[language])
    assert not program.is_raw()
    assert all(sign in program.heard for sign in (b"\x1b[?1049l", b"\x1b[?1003l", b"\x1b[?25h", b"\x1b[<u"))


@pytest.mark.parametrize("arguments", [(), ("open",)], ids=["capture", "start"])
def test_ctrl_c_leaves(screen, arguments):
    program = screen("en", *arguments)
    program.press("\x03")
    assert program.ends() == 0
    assert not program.is_raw() and "ended by" not in program.text


def test_ctrl_z_gives_the_terminal_back_and_the_screen_returns(screen):
    program = screen()
    program.press("\x1a")
    assert program.stops()
    assert not program.is_raw()
    program.forget()
    program.process.send_signal(signal.SIGCONT)
    program.shows("demo.pcapng")
    assert program.is_raw()
    program.press("q")
    assert program.ends() == 0


def test_a_screen_that_is_left_by_its_own_key_says_nothing(screen):
    program = screen()
    program.press("q")
    assert program.ends() == 0
    assert not any(words in program.text for words in (KILLED["en"], "ended by"))
