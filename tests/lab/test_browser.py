"""The DevTools pipe: messages in pieces, events between, refusals and silence. The other end is a thread here."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from netviz.lab.browser import Browser
from netviz.lab.requirements import CannotRecord


@contextmanager
def browser_that_says(*answers: bytes) -> Iterator[tuple[Browser, list[dict[str, Any]]]]:
    """A browser that writes these bytes, one after each command it reads, and then ends."""
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    heard: list[dict[str, Any]] = []

    def answer() -> None:
        rest = b""
        for said in answers:
            while b"\0" not in rest:
                rest += os.read(theirs_in, 4096)
            command, rest = rest.split(b"\0", 1)
            heard.append(json.loads(command))
            for at in range(0, len(said), 7):
                os.write(theirs_out, said[at : at + 7])
        os.close(theirs_out)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield Browser(ours_out, ours_in), heard
    finally:
        thread.join()
        for descriptor in (theirs_in, ours_out, ours_in):
            os.close(descriptor)


def message(**parts: object) -> bytes:
    return json.dumps(parts).encode() + b"\0"


def test_a_result_is_found_among_events() -> None:
    event = message(method="Network.policyUpdated", params={})
    with browser_that_says(event + message(id=1, result={"targetId": "T"}) + event) as (browser, heard):
        assert browser.ask("Target.createTarget", url="about:blank") == {"targetId": "T"}
    assert heard == [{"id": 1, "method": "Target.createTarget", "params": {"url": "about:blank"}}]
    assert [each["method"] for each in browser.events] == ["Network.policyUpdated"]


def test_a_page_tells_what_its_script_promised() -> None:
    loaded = message(method="Page.loadEventFired", params={})
    said = [{"url": "http://a.example/", "type": "cors"}]
    failed = message(method="Network.loadingFailed", params={"requestId": "1"})
    with browser_that_says(
        message(id=1, result={}) + loaded,
        message(id=2, result={"result": {"value": said}}) + failed,
    ) as (browser, heard):
        assert browser.visit("http://a.example/") == said
    assert [each["method"] for each in heard] == ["Page.navigate", "Runtime.evaluate"]
    assert [each["method"] for each in browser.events] == ["Page.loadEventFired", "Network.loadingFailed"]


@pytest.mark.parametrize("answer", [b"", message(id=1, error={"message": "no such target"}), message(id=1)[:9]])
def test_refusal_and_silence_are_errors(answer: bytes) -> None:
    with browser_that_says(answer) as (browser, _), pytest.raises(CannotRecord):
        browser.ask("Page.enable")
