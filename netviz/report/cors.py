"""`netviz cors --json`: what the browser decided about each fetch, with the header and packet that decided it."""

from collections.abc import Container

from netviz.cors.advice.finding import Finding
from netviz.cors.advice.wanted import is_mendable, wanted
from netviz.cors.browser import firefox_reason
from netviz.cors.terms import Browser, Word
from netviz.cors.verdict import Check, Fetch
from netviz.explain.cors_findings import finding_line
from netviz.explain.snippets import SERVERS, snippet, warnings
from netviz.explain.words import LANGUAGES
from netviz.http.secrets import shown
from netviz.pipeline.store import Store
from netviz.report.exchanges import exchange_object
from netviz.report.form import document as envelope

_COMPARED = 2000
"""Fetches up to which every browser's verdict is worked out to tell where they differ."""

Others = list[tuple[Browser, Word, str | None]]


def document(
    store: Store,
    browser: Browser,
    show_secrets: bool = False,
    only: Container[int] | None = None,
    number: int | None = None,
) -> dict[str, object]:
    """CONTRACT: `netviz cors FILE --json`; of one fetch, with its mending for each server, where a number is given."""
    judgement = store.judgement(browser)
    exchanges = []
    chosen = chosen_fetches(store, browser, only, number)
    named = {each for fetch in chosen for each in fetch.exchanges}
    for exchange in store.exchanges:
        if (only is not None or number is not None) and exchange.id not in named:
            continue
        role = judgement.roles[exchange.id]
        found = exchange_object(store, exchange.id, show_secrets)
        found |= {
            "is_preflight": role.is_preflight,
            "cross_origin": role.cross_origin,
            "origin": role.origin,
            "check": role.check,
            "code": role.code,
        }
        exchanges.append(found)
    others = store.other_verdicts(browser) if len(judgement.fetches) <= _COMPARED else {}
    fetches = [_fetch(store, fetch, show_secrets, others.get(fetch.id, [])) for fetch in chosen]
    if number is not None:
        for fetch, found in zip(chosen, fetches, strict=True):
            found |= _mending(store, fetch)
    findings = [{"fetch": each["id"], **finding} for each in fetches for finding in each["findings"]]  # type: ignore[attr-defined]
    return envelope(browser=browser, exchanges=exchanges, fetches=fetches, findings=findings)


def chosen_fetches(
    store: Store, browser: Browser, only: Container[int] | None, number: int | None = None
) -> list[Fetch]:
    """All fetches, those with one of the exchanges named, or the one of a number."""
    return [
        fetch
        for fetch in store.judgement(browser).fetches
        if (only is None or any(each in only for each in fetch.exchanges)) and number in (None, fetch.id)
    ]


def _fetch(store: Store, fetch: Fetch, show_secrets: bool, others: Others) -> dict[str, object]:
    return {
        "id": fetch.id,
        "exchanges": fetch.exchanges,
        "origin": fetch.origin,
        "url": fetch.url,
        "method": fetch.method,
        "kind": fetch.kind,
        "why_not_simple": [
            {"rule": why.rule, "header": why.header, "value": why.value} for why in fetch.why_not_simple
        ],
        "preflight": fetch.preflight,
        "credentials": {
            "mode": fetch.credentials.mode,
            "inferred_from": fetch.credentials.inferred_from,
            "confidence": fetch.credentials.confidence,
        },
        "verdict": fetch.verdict,
        "condition": fetch.condition or None,
        "code": fetch.code,
        "also": fetch.also,
        "confidence": fetch.confidence,
        "readable_headers": fetch.readable_headers,
        "hidden_headers": fetch.hidden_headers,
        "server_ran_it": fetch.server_ran_it,
        "checks": [_check(check, show_secrets) for check in fetch.checks],
        "mend": fetch.mend,
        "firefox_reason": firefox_reason(fetch.code),
        "other_browsers": [{"browser": name, "verdict": word, "code": code} for name, word, code in others],
        "findings": [_finding(finding, show_secrets) for finding in store.findings(fetch)],
    }


def _finding(finding: Finding, show_secrets: bool) -> dict[str, object]:
    value = finding.value
    if value is not None and finding.header is not None:
        value = shown(finding.header, value, show_secrets)
    return {
        "id": finding.id,
        "rule": finding.rule,
        "family": finding.family,
        "severity": finding.severity,
        "refuses": finding.refuses,
        "exchange": finding.exchange,
        "packet": finding.at.packet,
        "span": list(finding.at.span) if finding.at.span else None,
        "header": finding.header,
        "value": value,
        "sentence": {language: finding_line(finding, language) for language in LANGUAGES},
    }


def _mending(store: Store, fetch: Fetch) -> dict[str, object]:
    if not is_mendable(fetch):
        return {"mend_warnings": [], "configurations": {}}
    found = wanted([(fetch, map(store.read, fetch.exchanges))])
    return {
        "mend_warnings": [line for each in found for line in warnings(each, "en")],
        "configurations": {server: "\n".join(snippet(each, server, "en") for each in found) for server in SERVERS},
    }


def _check(check: Check, show_secrets: bool) -> dict[str, object]:
    value = check.value
    if value is not None and check.header is not None:
        value = shown(check.header, value, show_secrets)
    return {
        "rule": check.rule,
        "outcome": check.outcome,
        "packet": check.at.packet,
        "span": list(check.at.span) if check.at.span else None,
        "header": check.header,
        "value": value,
        "text": check.text,
    }
