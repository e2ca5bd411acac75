"""`netviz cors`: what the browser decided about each fetch, with the header and packet that decided it."""

from collections.abc import Container, Iterator

from rich.text import Text

from netviz.cors.verdict import Browser, Check, Fetch
from netviz.explain.cors import story
from netviz.explain.words import Language, say
from netviz.http.secrets import shown
from netviz.pipeline.store import Store
from netviz.report.exchanges import exchange_object
from netviz.report.form import document as envelope

_MARKS = {"pass": "✓", "fail": "✗", "unknown": "?"}
_STYLES = {"allowed": "bold green", "blocked": "bold red", "indeterminate": "bold yellow"}


def document(
    store: Store, browser: Browser, show_secrets: bool = False, only: Container[int] | None = None
) -> dict[str, object]:
    """CONTRACT: `netviz cors FILE --json`."""
    judgement = store.judgement(browser)
    exchanges = []
    fetches = chosen_fetches(store, browser, only)
    wanted = {number for fetch in fetches for number in fetch.exchanges}
    for exchange in store.exchanges:
        if only is not None and exchange.id not in wanted:
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
    return envelope(browser=browser, exchanges=exchanges, fetches=[_fetch(fetch, show_secrets) for fetch in fetches])


def chosen_fetches(store: Store, browser: Browser, only: Container[int] | None) -> list[Fetch]:
    """All fetches, or those with one of the exchanges named."""
    fetches = store.judgement(browser).fetches
    return [fetch for fetch in fetches if only is None or any(number in only for number in fetch.exchanges)]


def _fetch(fetch: Fetch, show_secrets: bool) -> dict[str, object]:
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


def text(store: Store, browser: Browser, language: Language, only: Container[int] | None = None) -> Iterator[Text]:
    """One block a fetch: what was asked, what the browser decided, each check with its packet, what would mend it."""
    fetches = chosen_fetches(store, browser, only)
    if not fetches:
        yield Text(say("cors.none" if only is None else "filter.nothing", language))
    for fetch in fetches:
        word = say(f"verdict.{fetch.verdict}", language)
        head = Text(f"[{fetch.id}] ", style="bold")
        head.append(f"{fetch.method} {fetch.url or '?'}")
        head.append(f"  {word}" + (f" {fetch.code}" if fetch.code else ""), _STYLES.get(fetch.verdict, "bold"))
        yield head
        for line in story(fetch, language):
            yield Text(f"    {line}")
        for check in fetch.checks:
            span = f" [{check.at.span.start}–{check.at.span.end}]" if check.at.span else ""
            value = f": {shown(check.header, check.value, False)}" if check.header and check.value is not None else ""
            yield Text(
                f"    {_MARKS[check.outcome]} {check.rule:<4} #{check.at.packet}{span} {check.header or ''}{value}",
                "red" if check.outcome == "fail" else "",
            )
