"""Drives Chromium through one scenario and keeps all that was said of it. Knows no CORS rule and no packet."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from netviz.lab.browser import Browser, Message
from netviz.lab.cors.devtools import still_loading
from netviz.lab.cors.site import Exchange, Origins
from netviz.lab.cors.table import CorsScenario, Step

_ASK: Final = Path(__file__).with_name("ask.js").read_text(encoding="utf-8")
_IN_SANDBOX: Final = """step => new Promise(resolve => {
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-scripts";
  frame.srcdoc = "<script>(" + ASK_TEXT + ")(" + JSON.stringify(step) + ")"
    + ".then(said => parent.postMessage(said, '*'))<" + "/script>";
  addEventListener("message", event => resolve(event.data), {once: true});
  document.body.append(frame);
})"""
_NEWS: Final = 0.04
_LONGEST_SETTLING: Final = 2.0


@dataclass(frozen=True, slots=True)
class Played:
    """One step: what the script was given, what DevTools told meanwhile, what came to the origins."""

    step: Step
    said: dict[str, Any]
    events: tuple[Message, ...]
    first: int
    """Place of its first exchange in the ledger."""

    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Play:
    """A scenario that was played."""

    scenario: CorsScenario
    steps: tuple[Played, ...]
    ledger: tuple[Exchange, ...]


def play(browser: Browser, scenario: CorsScenario, origins: Origins) -> Play:
    """Load the page in a context of its own and let it do step after step. Raises: CannotRecord."""
    origins.begin(scenario)
    with browser.fresh_page():
        browser.load(scenario.page)
        steps = tuple(_play(browser, step, origins) for step in scenario.steps)
    return Play(scenario, steps, tuple(origins.ledger))


def _play(browser: Browser, step: Step, origins: Origins) -> Played:
    if step.clear_cookies:
        browser.ask("Network.clearBrowserCookies")
    browser.take_news(max(step.pause, _NEWS))
    first, heard = len(origins.ledger), len(browser.events)
    said = browser.evaluate(f"({_script(step)})({json.dumps(step.written())})")
    _settle(browser, heard)
    return Played(step, said, tuple(browser.events[heard:]), first, tuple(origins.ledger[first:]))


def _script(step: Step) -> str:
    if step.context == "page":
        return _ASK
    return _IN_SANDBOX.replace("ASK_TEXT", json.dumps(_ASK))


def _settle(browser: Browser, heard: int) -> None:
    """DevTools tells the end of a load a little after the script knows it."""
    ends = time.monotonic() + _LONGEST_SETTLING
    browser.take_news(_NEWS)
    while still_loading(browser.events[heard:]) and time.monotonic() < ends:
        browser.take_news(_NEWS)
