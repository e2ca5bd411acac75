"""What stays open is what was measured: same messages, other verdict. The browser is a function here."""

from typing import Any

from netviz.lab.cors.plans import NAMED
from netviz.lab.cors.play import Play, Played
from netviz.lab.cors.readings import other_readings, skipped_by_cache, what_stays_open
from netviz.lab.cors.site import Exchange
from netviz.lab.cors.table import CorsScenario, Step

PAGE = "http://www.shop.example/"
URL = "http://api.shop.example/teas"
GET = Step("fetch", URL)


def exchange(*headers: tuple[str, str], method: str = "GET") -> Exchange:
    return Exchange(40_000, "10.9.0.3", 80, method, URL, headers, 200, ())


def play(steps: tuple[Step, ...], *outcomes: tuple[str | None, tuple[Exchange, ...]]) -> Play:
    """A play whose steps ended with a code (None: readable) and made these exchanges."""
    played = tuple(
        Played(step, {"error": "TypeError"} if code else {"type": "cors", "headers": []}, events(code), 0, exchanges)
        for step, (code, exchanges) in zip(steps, outcomes, strict=True)
    )
    return Play(CorsScenario("tea", "test", "tea", NAMED, steps, {}), played, ())


def events(code: str | None) -> tuple[dict[str, Any], ...]:
    status = {"requestId": "1", "errorText": "net::ERR_FAILED", "corsErrorStatus": {"corsError": code}}
    return ({"method": "Network.loadingFailed", "params": status},) if code else ()


def test_the_same_messages_with_another_verdict_are_open() -> None:
    own = play((GET,), (None, (exchange(),)))
    (passive,) = what_stays_open(
        own, lambda scenario: play(scenario.steps, ("WildcardOriginNotAllowed", (exchange(),)))
    )
    assert (passive["determinable"], passive["open"]) == (False, ["credentials"])
    assert passive["verdicts"] == ["allowed", "blocked"]
    assert passive["codes"] == [None, "WildcardOriginNotAllowed"]


def test_other_messages_leave_nothing_open() -> None:
    own = play((GET,), (None, (exchange(),)))
    cookie = exchange(("Cookie", "a=1"))
    (passive,) = what_stays_open(own, lambda scenario: play(scenario.steps, ("WildcardOriginNotAllowed", (cookie,))))
    assert (passive["determinable"], passive["verdicts"]) == (True, ["allowed"])
    assert passive["readings"][0]["messages"] == "differ"


def test_a_refused_preflight_that_another_reading_follows_up_is_open() -> None:
    put = Step("fetch", URL, {"method": "PUT", "credentials": "include"})
    asking = exchange(method="OPTIONS")
    own = play((put,), ("PreflightWildcardOriginNotAllowed", (asking,)))
    (passive,) = what_stays_open(own, lambda scenario: play(scenario.steps, (None, (asking, exchange(method="PUT")))))
    assert (passive["open"], passive["verdicts"]) == (["request-not-seen"], ["blocked", "allowed"])


def test_readings_turn_credentials_and_the_mode_of_a_post() -> None:
    assert [why for why, _ in other_readings(GET, PAGE)] == ["credentials"]
    ((_, turned),) = other_readings(GET, PAGE)
    assert turned.options["credentials"] == "include" and turned.clear_cookies
    assert [why for why, _ in other_readings(Step("fetch", URL, {"method": "POST"}), PAGE)] == ["credentials", "mode"]
    no_cors = Step("fetch", URL, {"method": "POST", "mode": "no-cors"})
    assert {step.options["credentials"] for _, step in other_readings(no_cors, PAGE)} == {"include", "same-origin"}
    assert list(other_readings(Step("img", URL), PAGE)) == []
    ((_, element),) = other_readings(Step("img", URL, {"crossorigin": "anonymous"}), PAGE)
    assert element.options["crossorigin"] == "use-credentials"


def test_what_a_page_asks_of_its_own_origin_may_be_of_any_mode() -> None:
    own = Step("fetch", PAGE + "teas")
    assert [why for why, _ in other_readings(own, PAGE)] == ["credentials", "mode"]


def test_a_font_may_be_a_script_element_that_asks_for_credentials() -> None:
    ((_, element),) = other_readings(Step("font", URL), PAGE)
    assert (element.api, element.options) == ("script", {"crossorigin": "use-credentials"})
    ((_, module),) = other_readings(Step("script", URL, {"type": "module"}), PAGE)
    assert module.options == {"crossorigin": "use-credentials", "type": "module"}


def test_a_request_that_alone_is_asked_for_was_served_by_the_cache() -> None:
    put = Step("fetch", URL, {"method": "PUT"})
    own = play((put, put), (None, (exchange(method="PUT"),)), (None, (exchange(method="PUT"),)))
    asked = {"requestId": "2", "initiator": {"type": "preflight"}}

    def asks_first(scenario: CorsScenario) -> Play:
        (one,) = play(scenario.steps, (None, (exchange(method="PUT"),))).steps
        alone = Played(
            one.step, one.said, ({"method": "Network.requestWillBeSent", "params": asked},), 0, one.exchanges
        )
        return Play(scenario, (alone,), ())

    assert skipped_by_cache(own, asks_first) == [False, True]
    assert skipped_by_cache(own, lambda scenario: play(scenario.steps, (None, (exchange(method="PUT"),)))) == [
        False,
        False,
    ]
