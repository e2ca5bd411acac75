"""The CORS rules applied beside the screen, again and again while a capture grows. Knows no keys."""

import time
from dataclasses import replace
from typing import Final

from textual import work

from netviz.cors.terms import Browser
from netviz.cors.verdict import Fetch
from netviz.tui.stage import Stage

_JUDGE_PAUSE: Final = 0.05
"""Seconds between two judgements of a capture that still grows, at least."""


class Judging(Stage):
    """One judgement at a time; what it gives becomes part of the scene."""

    _judging = False

    def _judge(self) -> None:
        if not self._judging:
            self._judging = True
            self._judge_exchanges(self.scene.browser)

    @work(thread=True, exclusive=True, group="judge", exit_on_error=False)
    def _judge_exchanges(self, browser: Browser) -> None:
        version, started = self.store.version, time.monotonic()
        fetches: list[Fetch] = self.store.judgement(browser).fetches
        self.call_from_thread(self._judged, browser, tuple(fetches), version, time.monotonic() - started)

    def _judged(self, browser: Browser, fetches: tuple[Fetch, ...], version: int, took: float) -> None:
        self._judging = False
        self._judged_version = version
        # While traffic comes in, judging anew takes a fifth of the time at most.
        self._judge_from = time.monotonic() + max(4 * took, _JUDGE_PAUSE)
        if browser != self.scene.browser:
            self._judge()
            return
        self._settle()
        self._set(replace(self.scene, fetches=fetches))
