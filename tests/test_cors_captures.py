"""netviz's verdicts and codes, held to Chromium's on every CORS capture that is shipped.

The truth was written by the recording from what scripts were given and DevTools said (`netviz.lab.cors`). Where the
packets decide, netviz must say what the browser said; where another reading of the same packets was measured to end
otherwise, it may also say that it is not known. Another test records some of them anew where that is possible.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from netviz.capture.opening import open_capture
from netviz.cors.verdict import Fetch
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.store import Store

CAPTURES = Path(__file__).parents[1] / "captures" / "cors"
TRUTH: dict[str, Any] = json.loads((CAPTURES / "truth.json").read_text(encoding="utf-8"))

DISAGREEMENTS: Final[dict[str, str]] = {}
"""Case and fetch -> why netviz differs from Chromium there. Each must differ, or leave this table."""

WITHOUT_CORS = {"opaque", "not-applicable"}
"""Two words for: CORS decided nothing."""


def fetches() -> list[Any]:
    """Every fetch that left packets, as a parameter."""
    return [
        pytest.param(case, fetch, id=f"{case['id']}:{fetch['id']}", marks=marks(f"{case['id']}:{fetch['id']}"))
        for case in TRUTH["cases"]
        for fetch in case["fetches"]
        if fetch["passive"]["observable"]
    ]


def marks(identity: str) -> tuple[pytest.MarkDecorator, ...]:
    if identity not in DISAGREEMENTS:
        return ()
    return (pytest.mark.xfail(reason=DISAGREEMENTS[identity], strict=True),)


@cache
def store_of(path: Path) -> Store:
    """The analysed capture of a case."""
    return analyze(open_capture(str(path)))


def numbers_of(case: dict[str, Any], store: Store) -> dict[int, int]:
    """Number of an exchange in netviz -> number in the truth: same port, method and path, in the order of the port."""
    left: dict[tuple[int, str, str], list[int]] = {}
    for each in case["exchanges"]:
        path = "/" + each["url"].split("/", 3)[3]
        left.setdefault((each["client_port"], each["method"], path), []).append(each["n"])
    numbers = {}
    for exchange in store.exchanges:
        read = store.read(exchange.id)
        if read.request is not None:
            told = left.get((read.client_port, read.request.method, read.request.target), [])
            assert told, f"an exchange that the origins did not have: {read.request.method} {read.request.target}"
            numbers[exchange.id] = told.pop(0)
    assert not any(left.values()), f"exchanges that netviz did not find: {left}"
    return numbers


def judged(case: dict[str, Any], told: dict[str, Any], store: Store) -> Fetch | None:
    """What netviz made of a fetch of the truth: the fetch with its last exchange."""
    numbers = numbers_of(case, store)
    found = [each for each in store.judgement("chromium").fetches
             if set(told["exchanges"]) & {numbers[number] for number in each.exchanges}]  # fmt: skip
    return max(found, key=lambda each: max(numbers[number] for number in each.exchanges), default=None)


@pytest.mark.parametrize(("case", "told"), fetches())
def test_netviz_says_what_chromium_said(case: dict[str, Any], told: dict[str, Any]) -> None:
    store = store_of(CAPTURES / case["pcap"])
    problems = list(differences(case, told, judged(case, told, store), store))
    assert not problems, "\n".join([case["description"], *problems])


def differences(case: dict[str, Any], told: dict[str, Any], found: Fetch | None, store: Store) -> list[str]:
    """Every difference between Chromium and netviz on one fetch, as a line."""
    passive = told["passive"]
    if told["cors_verdict"] == "none":
        fits = found is not None and (found.verdict == "none" or found.verdict in passive["verdicts"]
                                      or (found.verdict == "indeterminate" and not passive["determinable"]))  # fmt: skip
        return [] if fits else [f"{found and found.verdict} where nothing was decided"]
    if found is None:
        return [] if told["cors_verdict"] in WITHOUT_CORS else ["netviz has no such fetch"]
    if found.verdict == "indeterminate":
        return [f"indeterminate, but Chromium: {told['cors_verdict']}"] if passive["determinable"] else []
    problems = []
    if found.verdict != told["cors_verdict"] and not {found.verdict, told["cors_verdict"]} <= WITHOUT_CORS:
        problems.append(f"netviz: {found.verdict} {found.code}, Chromium: {told['cors_verdict']} {told['cors_error']}")
    elif found.verdict == "blocked" and found.code not in passive["codes"]:
        problems.append(f"netviz: {found.code}, Chromium: {told['cors_error']}")
    if found.verdict == "allowed" == told["cors_verdict"] and told["api"] in ("fetch", "xhr"):
        readable = sorted(name.lower() for name in found.readable_headers)
        if readable != told["readable_headers"] and passive["headers_determinable"]:
            problems.append(f"netviz: script reads {readable}, Chromium: {told['readable_headers']}")
    return problems


def test_nothing_is_wrong_with_certainty() -> None:
    """Where a verdict is called certain, the browser's is the same, in whatever reading it was made."""
    wrong = []
    for case in TRUTH["cases"]:
        store = store_of(CAPTURES / case["pcap"])
        for told in case["fetches"]:
            found = judged(case, told, store)
            if found is None or found.confidence != "certain" or told["cors_verdict"] == "none":
                continue
            if found.verdict == "indeterminate" or {found.verdict, told["cors_verdict"]} <= WITHOUT_CORS:
                continue
            if found.verdict != told["cors_verdict"]:
                wrong.append(f"{case['id']}:{told['id']} {found.verdict}, Chromium: {told['cors_verdict']}")
    assert not wrong, "\n".join(wrong)


def test_every_code_that_packets_can_show_was_recorded() -> None:
    """Chromium's codes for what is decided before a request is sent, or by addresses, leave nothing to record here."""
    assert {fetch["cors_error"] for case in TRUTH["cases"] for fetch in case["fetches"]} >= {
        "WildcardOriginNotAllowed",
        "MissingAllowOriginHeader",
        "MultipleAllowOriginValues",
        "InvalidAllowOriginValue",
        "AllowOriginMismatch",
        "InvalidAllowCredentials",
        "CorsDisabledScheme",
        "PreflightInvalidStatus",
        "PreflightDisallowedRedirect",
        "PreflightWildcardOriginNotAllowed",
        "PreflightMissingAllowOriginHeader",
        "PreflightMultipleAllowOriginValues",
        "PreflightInvalidAllowOriginValue",
        "PreflightAllowOriginMismatch",
        "PreflightInvalidAllowCredentials",
        "InvalidAllowMethodsPreflightResponse",
        "InvalidAllowHeadersPreflightResponse",
        "MethodDisallowedByPreflightResponse",
        "HeaderDisallowedByPreflightResponse",
        "RedirectContainsCredentials",
    }
