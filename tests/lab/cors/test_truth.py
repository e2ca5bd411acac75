"""A play becomes a case: verdicts from what the script and DevTools said, never from headers."""

from typing import Any

import pytest

from netviz.lab.cors.plans import NAMED
from netviz.lab.cors.play import Play, Played
from netviz.lab.cors.site import Exchange
from netviz.lab.cors.table import CorsScenario, Step
from netviz.lab.cors.truth import case, credentials, mode, outcome

PAGE = "http://www.shop.example/"
URL = "http://api.shop.example/teas"
ALLOWING = (("Access-Control-Allow-Origin", "*"),)


def exchange(method: str = "GET", url: str = URL, status: int | None = 200, **headers: str) -> Exchange:
    written = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Exchange(40_000, "10.9.0.3", 80, method, url, written, status, ALLOWING)


def failure(**parameters: Any) -> dict[str, Any]:
    return {
        "method": "Network.loadingFailed",
        "params": {"requestId": "1", "errorText": "net::ERR_FAILED", **parameters},
    }


def played(step: Step, said: dict[str, Any], *exchanges: Exchange, events: tuple[Any, ...] = ()) -> Played:
    return Played(step, said, events, 1, exchanges)


def case_of(one: Played) -> dict[str, Any]:
    scenario = CorsScenario("tea", "test", "tea", NAMED, (one.step,), {})
    return case(Play(scenario, (one,), (exchange(url=PAGE), *one.exchanges)), [{}], [False], [])


@pytest.mark.parametrize(
    ("api", "said", "word"),
    [
        ("fetch", {"type": "cors", "status": 200}, "allowed"),
        ("fetch", {"type": "basic", "status": 200}, "not-applicable"),
        ("fetch", {"type": "opaque", "status": 0}, "opaque"),
        ("fetch", {"error": "TypeError"}, "none"),
        ("xhr", {"status": 200}, "allowed"),
        ("img", {"readable": False, "why": "SecurityError"}, "opaque"),
        ("img", {"readable": True}, "allowed"),
        ("form", {"navigated": True, "readable": False}, "not-applicable"),
        ("websocket", {"error": "Error"}, "not-applicable"),
    ],
)
def test_the_verdict_is_what_the_script_was_given(api: str, said: dict[str, Any], word: str) -> None:
    assert outcome(played(Step(api, URL), said, exchange()), PAGE).verdict == word


def test_a_cors_code_is_a_refusal_whatever_the_headers_say() -> None:
    events = (failure(corsErrorStatus={"corsError": "AllowOriginMismatch", "failedParameter": "x"}),)
    made = case_of(
        played(Step("fetch", URL), {"error": "TypeError"}, exchange(Origin="http://www.shop.example"), events=events)
    )
    (fetch,) = made["fetches"]
    assert (fetch["verdict"], fetch["cors_error"], fetch["blocked_by"], fetch["blocked_at"]) == (
        "blocked", "AllowOriginMismatch", "cors", 2)  # fmt: skip
    assert (made["exchanges"][1]["cors_result"], made["exchanges"][1]["cors_error"]) == ("fail", "AllowOriginMismatch")
    assert made["exchanges"][1]["origin_header"] == "http://www.shop.example"


def test_another_reason_is_no_verdict_of_cors() -> None:
    events = (failure(blockedReason="corp-not-same-origin"),)
    result = outcome(played(Step("img", URL), {"error": "Error"}, exchange(), events=events), PAGE)
    assert (result.verdict, result.cors_verdict, result.blocked_by) == ("blocked", "opaque", "corp-not-same-origin")


def test_what_went_on_had_passed() -> None:
    asking = {"Access_Control_Request_Method": "PUT", "Sec_Fetch_Mode": "cors"}
    exchanges = exchange("OPTIONS", status=204, **asking), exchange("PUT", status=307), exchange("PUT", URL + "/7")
    made = case_of(played(Step("fetch", URL, {"method": "put"}), {"type": "cors", "status": 200}, *exchanges))
    assert [each["role"] for each in made["exchanges"]] == ["navigation", "preflight", "redirect", "request"]
    assert [each["cors_result"] for each in made["exchanges"]] == ["not-checked", "pass", "pass", "pass"]
    assert made["exchanges"][1]["sec_fetch"] == {"mode": "cors"}
    assert made["fetches"][0]["method"] == "PUT"


def test_modes_are_those_that_html_gives() -> None:
    assert (mode(Step("img", URL)), credentials(Step("img", URL))) == ("no-cors", "include")
    anonymous = Step("img", URL, {"crossorigin": "anonymous"})
    assert (mode(anonymous), credentials(anonymous)) == ("cors", "same-origin")
    assert (mode(Step("font", URL)), credentials(Step("font", URL))) == ("cors", "same-origin")
    assert credentials(Step("script", URL, {"crossorigin": "use-credentials"})) == "include"
    assert mode(Step("script", URL, {"type": "module"})) == "cors"
    assert mode(Step("fetch", URL, {"mode": "no-cors"})) == "no-cors"
