"""What Chromium reported of the loads of one step: codes, reasons, ends. Knows DevTools' events and no CORS rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from netviz.lab.browser import Message

_ENDS = ("Network.loadingFinished", "Network.loadingFailed")


@dataclass(frozen=True, slots=True)
class Report:
    """Chromium's own words on one step."""

    code: str | None = None
    """corsErrorStatus.corsError."""

    parameter: str | None = None
    """corsErrorStatus.failedParameter."""

    reason: str | None = None
    """blockedReason where it was something else than CORS (corp-not-same-origin ...)."""

    net_error: str | None = None
    finished: bool = False
    preflights: int = 0
    issues: tuple[str, ...] = ()


def report(events: Iterable[Message]) -> Report:
    """Sum up the events of a step. Of several failures the one with a CORS code counts."""
    events = list(events)
    preflights = {each["requestId"] for each in _named(events, "Network.requestWillBeSent") if _is_preflight(each)}
    failures = _named(events, "Network.loadingFailed")
    failures.sort(key=lambda each: (each.get("corsErrorStatus") is None, each["requestId"] in preflights))
    failure = failures[0] if failures else {}
    status = failure.get("corsErrorStatus") or {}
    finished = {each["requestId"] for each in _named(events, "Network.loadingFinished")} - preflights
    issues = tuple(each["issue"]["code"] for each in _named(events, "Audits.issueAdded"))
    return Report(
        status.get("corsError"),
        status.get("failedParameter") or None,
        failure.get("blockedReason"),
        failure.get("errorText"),
        bool(finished) and not failures,
        len(preflights),
        issues,
    )


def console(events: Iterable[Message]) -> list[str]:
    """What Chromium wrote to the console about security."""
    entries = (each["entry"] for each in _named(list(events), "Log.entryAdded"))
    return [entry["text"] for entry in entries if entry["source"] in ("security", "javascript")]


def still_loading(events: Iterable[Message]) -> bool:
    """Whether a request was sent whose end has not been told."""
    events = list(events)
    sent = {each["requestId"] for each in _named(events, "Network.requestWillBeSent")}
    return bool(sent - {each["requestId"] for name in _ENDS for each in _named(events, name)})


def _named(events: Iterable[Message], name: str) -> list[dict[str, Any]]:
    return [event["params"] for event in events if event.get("method") == name]


def _is_preflight(parameters: dict[str, Any]) -> bool:
    return bool(parameters["initiator"]["type"] == "preflight" or parameters.get("type") == "Preflight")
