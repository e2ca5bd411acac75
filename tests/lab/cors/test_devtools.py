"""DevTools' events become a report: the code of the refusal, other reasons, preflights, ends."""

from typing import Any

from netviz.lab.cors.devtools import Report, console, report, still_loading


def event(name: str, identity: str = "1", **parameters: Any) -> dict[str, Any]:
    return {"method": f"Network.{name}", "params": {"requestId": identity, **parameters}}


def sent(identity: str = "1", initiator: str = "script") -> dict[str, Any]:
    return event("requestWillBeSent", identity, initiator={"type": initiator})


def test_a_load_that_ended_well() -> None:
    assert report([sent(), event("loadingFinished")]) == Report(finished=True)


def test_a_refused_preflight_gives_its_code_to_the_request() -> None:
    status = {"corsError": "HeaderDisallowedByPreflightResponse", "failedParameter": "x-tea"}
    events = [
        sent(),
        sent("2", "preflight"),
        event("loadingFailed", "2", errorText="net::ERR_ABORTED"),
        event("loadingFailed", errorText="net::ERR_FAILED", corsErrorStatus=status),
    ]
    told = report(events)
    assert (told.code, told.parameter, told.preflights) == (status["corsError"], "x-tea", 1)
    assert (told.finished, told.net_error) == (False, "net::ERR_FAILED")


def test_a_preflight_that_ended_does_not_end_the_load() -> None:
    events = [sent(), sent("2", "preflight"), event("loadingFinished", "2")]
    assert not report(events).finished and still_loading(events)
    assert not still_loading([*events, event("loadingFailed")])


def test_a_reason_that_is_not_cors_is_told_apart() -> None:
    told = report([sent(), event("loadingFailed", errorText="x", blockedReason="corp-not-same-origin")])
    assert (told.code, told.reason) == (None, "corp-not-same-origin")


def test_the_console_is_what_the_browser_wrote() -> None:
    entry = {
        "method": "Log.entryAdded",
        "params": {"entry": {"source": "javascript", "text": "blocked by CORS policy"}},
    }
    other = {"method": "Log.entryAdded", "params": {"entry": {"source": "network", "text": "404"}}}
    assert console([entry, other]) == ["blocked by CORS policy"]
