"""One scenario as a case of `truth.json`: what the script was given, what DevTools said, what the origins' ledger holds.

No rule of CORS is applied here. Which exchange failed is the last one of a load that the browser broke off: nothing
came after it.
"""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from netviz.lab.cors.devtools import Report, report
from netviz.lab.cors.play import Play, Played
from netviz.lab.cors.site import Exchange
from netviz.lab.cors.table import Step

Entry = dict[str, Any]

SCHEMA: Final = "netviz-cors-truth/1"
_TYPES: Final = {"cors": "allowed", "basic": "not-applicable", "opaque": "opaque", "opaqueredirect": "opaque"}
"""What the type of a response says (Fetch standard, response tainting)."""

_ELEMENTS: Final = ("img", "script", "link", "font")
_ORB: Final = "net::ERR_BLOCKED_BY_ORB"
"""Opaque response blocking has no blockedReason of its own in DevTools."""

_BY_DEFAULT: Final = {
    "img": "no-cors",
    "script": "no-cors",
    "link": "no-cors",
    "form": "navigate",
    "websocket": "websocket",
}
"""Mode of a load where the page says nothing (HTML); all others are cors."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the browser made of one step."""

    verdict: str
    cors_verdict: str
    blocked_by: str | None
    report: Report


def outcome(played: Played, page: str) -> Outcome:
    """Verdict of a step in the words of the truth, from the script's result and DevTools' codes."""
    told = report(played.events)
    if told.code is not None:
        return Outcome("blocked", "blocked", "cors", told)
    if told.reason is not None:
        return Outcome("blocked", "opaque", told.reason, told)
    if told.net_error == _ORB:
        return Outcome("blocked", "opaque", "orb", told)
    word = _given(played, page, told)
    return Outcome(word, word, None, told)


def _given(played: Played, page: str, told: Report) -> str:
    step, said = played.step, played.said
    if "type" in said:
        return _TYPES[said["type"]]
    if step.api in ("form", "websocket"):
        return "not-applicable"
    if "error" in said and not (step.api in ("font", "eventsource") and told.finished):
        # A font that came but is no font, a stream that ended: the browser let the bytes through.
        return "none"
    if not crosses(step, step.url, page):
        return "not-applicable"
    return "opaque" if said.get("readable") is False else "allowed"


def mode(step: Step) -> str:
    """Request mode of a step."""
    if "mode" in step.options:
        return str(step.options["mode"])
    if "crossorigin" in step.options or step.options.get("type") == "module":
        return "cors"
    return _BY_DEFAULT.get(step.api, "cors")


def credentials(step: Step) -> str:
    """Credentials mode of a step."""
    if step.options.get("crossorigin") == "use-credentials":
        return "include"
    return str(step.options.get("credentials", "include" if mode(step) in ("navigate", "websocket") or (
        mode(step) == "no-cors" and step.api in _ELEMENTS) else "same-origin"))  # fmt: skip


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def crosses(step: Step, url: str, page: str) -> bool:
    """Whether an address is of another origin than the document that asks."""
    return step.context == "sandbox" or origin(url) != origin(page)


def case(play: Play, passive: list[Entry], skipped: list[bool], texts: list[str]) -> Entry:
    """The case of one scenario; `passive` and `skipped` (by the preflight cache) have one entry a step."""
    scenario = play.scenario
    outcomes = [outcome(each, scenario.page) for each in play.steps]
    return {
        "id": scenario.identity,
        "family": scenario.family,
        "description": scenario.about,
        "page_origin": origin(scenario.page),
        "pcap": scenario.capture,
        "fetches": [
            _fetch(number, each, result, scenario.page)
            | {"preflight_skipped_by_cache": skip, "passive": open_}
            | ({"simple": False} if skip else {})
            for number, (each, result, open_, skip) in enumerate(
                zip(play.steps, outcomes, passive, skipped, strict=True), 1
            )
        ],
        "exchanges": [_exchange(number, play, outcomes) for number in range(len(play.ledger))],
        "console": texts,
    }


def _fetch(number: int, played: Played, result: Outcome, page: str) -> Entry:
    step, said, told = played.step, played.said, result.report
    places = list(range(played.first + 1, played.first + len(played.exchanges) + 1))
    body = said.get("length")
    readable = said.get("readable", result.verdict == "allowed")
    return {
        "id": f"f{number}",
        "api": step.api,
        "context": step.context,
        "page_origin": "null" if step.context == "sandbox" else origin(page),
        "url": step.url,
        "method": _method(played),
        "mode": mode(step),
        "credentials": credentials(step),
        "script_headers": {name.lower(): value for name, value in step.options.get("headers", {}).items()},
        "cross_origin": None if mode(step) == "navigate" else crosses(step, step.url, page),
        "simple": told.preflights == 0,
        "preflights": told.preflights,
        "exchanges": places,
        "verdict": result.verdict,
        "cors_verdict": result.cors_verdict,
        "blocked_by": result.blocked_by,
        "blocked_at": places[-1] if result.verdict == "blocked" and places else None,
        "cors_error": told.code,
        "cors_error_parameter": told.parameter,
        "response_type": said.get("type"),
        "status": said.get("status"),
        "redirected": said.get("redirected"),
        "readable_headers": sorted({name.lower() for name in said.get("headers", [])}),
        "body_readable": readable if "error" not in said else None,
        "body_length": body,
        "script_error": said.get("error") or said.get("why"),
        "net_error": told.net_error,
        "browser_issues": list(told.issues),
    }


def _method(played: Played) -> str:
    """The method as it was sent; where nothing was sent, as the script wrote it."""
    asked = str(played.step.options.get("method", "POST" if played.step.api == "form" else "GET"))
    for exchange in played.exchanges:
        if _is_preflight(exchange):
            return str(exchange.header("access-control-request-method"))
        return exchange.method
    return asked


def _is_preflight(exchange: Exchange) -> bool:
    return exchange.method == "OPTIONS" and exchange.header("access-control-request-method") is not None


def _exchange(place: int, play: Play, outcomes: list[Outcome]) -> Entry:
    exchange = play.ledger[place]
    owner = next(
        (n for n, each in enumerate(play.steps) if each.first <= place < each.first + len(each.exchanges)), None
    )
    ports = list(dict.fromkeys(each.client_port for each in play.ledger))
    entry = {
        "n": place + 1,
        "conn": ports.index(exchange.client_port) + 1,
        "client_port": exchange.client_port,
        "server_ip": exchange.server_ip,
        "server_port": exchange.server_port,
        "encrypted": False,
        "method": exchange.method,
        "url": exchange.url,
        "status": exchange.status,
        "cut_short": "before" if exchange.status is None else None,
        "preflight": _is_preflight(exchange),
        "origin_header": exchange.header("origin"),
        "referer": exchange.header("referer"),
        "sec_fetch": _sec_fetch(exchange),
        "cookie_sent": exchange.header("cookie") is not None,
        "authorization_sent": exchange.header("authorization") is not None,
        "ac_request_method": exchange.header("access-control-request-method"),
        "ac_request_headers": exchange.header("access-control-request-headers"),
    }
    if owner is None:
        none: Entry = {"role": "navigation", "fetch": None, "cross_origin": None, "initiator_origin": None}
        return entry | none | {"cors_result": "not-checked", "cors_error": None}
    return entry | _in_fetch(place, play, play.steps[owner], owner, outcomes[owner])


def _in_fetch(place: int, play: Play, played: Played, owner: int, result: Outcome) -> Entry:
    step, page = played.step, play.scenario.page
    last = place == played.first + len(played.exchanges) - 1
    so_far = played.exchanges[: place - played.first + 1]
    cross = crosses(step, play.ledger[place].url, page)
    tainted = mode(step) == "cors" and any(crosses(step, each.url, page) for each in so_far)
    checked = "not-checked"
    if tainted and play.ledger[place].status is not None:
        refused = last and result.blocked_by == "cors"
        checked = "fail" if refused else "pass" if result.verdict == "allowed" or not last else "not-checked"
    return {
        "role": _role(play.ledger[place], step, last),
        "fetch": f"f{owner + 1}",
        "cross_origin": None if mode(step) == "navigate" else cross,
        "initiator_origin": "null" if step.context == "sandbox" else origin(page),
        "cors_result": checked,
        "cors_error": result.report.code if checked == "fail" else None,
    }


def _role(exchange: Exchange, step: Step, last: bool) -> str:
    if mode(step) in ("navigate", "websocket"):
        return "navigation" if mode(step) == "navigate" else "websocket"
    if _is_preflight(exchange):
        return "preflight"
    return "request" if last or not 300 <= (exchange.status or 0) < 400 else "redirect"


def _sec_fetch(exchange: Exchange) -> dict[str, str] | None:
    found = {name: exchange.header(f"sec-fetch-{name}") for name in ("site", "mode", "dest")}
    return {name: value for name, value in found.items() if value is not None} or None
