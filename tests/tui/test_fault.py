"""What becomes of the screen when something fails: the program itself, the file that is being read, a worker beside it."""

import pytest
from textual.app import ComposeResult
from textual.widgets import Static

from netviz.errors import ScreenFault, UnreadableCapture
from netviz.tui.fault import FaultTold, fault_free


class Faulty(FaultTold):
    """Fails as soon as it is shown, with a packet's bytes in a variable."""

    def compose(self) -> ComposeResult:
        yield Static("x")

    def on_mount(self) -> None:
        secret = "session=hunter2"
        raise ValueError(f"no {len(secret)}")

    def run(self, **_: object) -> int | None:  # type: ignore[override]
        return super().run(headless=True)


def test_a_fault_of_the_program_is_one_error_and_no_traceback(capfd):
    with pytest.raises(ScreenFault) as fault:
        fault_free(Faulty(), "en")
    assert fault.value.details["kind"] == "ValueError"
    assert "no 15 (" in str(fault.value.details["reason"])
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err and "hunter2" not in out + err


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Reading stopped after 12 packets"), ("ko", "패킷 12개를 읽은 뒤 멈추었습니다")]
)
async def test_a_file_that_fails_while_it_is_read_keeps_the_screen_and_says_why(opened, type_keys, language, words):
    fails = UnreadableCapture("missing-file", file="gone.pcap")
    async with opened(language=language, fails=fails) as (app, pilot):
        text = await type_keys(pilot, "1")
        assert words in text and "gone.pcap" in text and "HTTP/1.1 200 OK" in text
        assert words not in await type_keys(pilot, "escape")
        assert app.is_running


async def test_rules_that_can_not_be_applied_are_said_to_be_so(opened, text_of, monkeypatch):
    async with opened() as (app, pilot):

        def failing(browser):
            raise ZeroDivisionError("in a rule")

        monkeypatch.setattr(app.store, "judgement", failing)
        await app.action_view(5)
        for _ in range(100):
            await pilot.pause(0.01)
            if app._failed and "in a rule" in "\n".join(text_of(app)):
                break
        assert "The CORS rules could not be applied: ZeroDivisionError: in a rule" in "\n".join(text_of(app))


async def test_reading_can_be_stopped_and_what_was_read_stays(opened, type_keys):
    async with opened() as (app, _):
        app.engine.enough()
        app.engine._read()
        assert app.store.info.cut_reason == "enough" and app.store.finished
