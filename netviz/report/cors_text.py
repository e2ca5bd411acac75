"""`netviz cors FILE` for people: one block a fetch, with its checks, findings and mending lines, or a configuration."""

from collections.abc import Container, Iterable, Iterator
from typing import Final

from rich.text import Text

from netviz.cors.advice.finding import Finding
from netviz.cors.advice.wanted import is_mendable, wanted
from netviz.cors.browser import firefox_reason
from netviz.cors.terms import Browser, Word
from netviz.cors.verdict import Check, Fetch
from netviz.explain.cors import check_line, story
from netviz.explain.cors_findings import finding_line, severity_word
from netviz.explain.snippets import Server, snippet, warnings
from netviz.explain.words import Language, say
from netviz.http.secrets import shown
from netviz.model.safe import safe
from netviz.pipeline.store import Store
from netviz.report.cors import chosen_fetches

_MARKS: Final = {"pass": "✓", "fail": "✗", "unknown": "?"}
_STYLES: Final = {"allowed": "bold green", "blocked": "bold red", "indeterminate": "bold yellow", "none": "bold yellow"}
_SEVERITIES: Final = {"danger": "bold red", "warning": "yellow", "note": "dim"}
_COMPARED: Final = 2000
"""Fetches up to which every browser's verdict is worked out to show where they differ."""


def text(
    store: Store, browser: Browser, language: Language, only: Container[int] | None = None, number: int | None = None
) -> Iterator[Text]:
    """Every fetch, those with the exchanges named, or the one of a number with each check as a sentence."""
    fetches = chosen_fetches(store, browser, only, number)
    if not fetches:
        yield Text(say("cors.none" if only is None else "filter.nothing", language))
    others = store.other_verdicts(browser) if len(store.judgement(browser).fetches) <= _COMPARED else {}
    for fetch in fetches:
        yield from _fetch(store, fetch, language, others.get(fetch.id, []), number is not None)


def _fetch(
    store: Store, fetch: Fetch, language: Language, others: Iterable[tuple[Browser, Word, str | None]], whole: bool
) -> Iterator[Text]:
    yield _head(fetch, language)
    if fetch.verdict != "not-applicable":
        yield Text(f"    {_facts(fetch, language)}", "dim")
    for line in story(fetch, language):
        yield Text(f"    {line}")
    for name, word, code in others:
        verdict = say(f"verdict.{word}", language)
        yield Text(
            f"    {say('cors.browser.differs', language, browser=name, verdict=verdict, code=code or '')}", "yellow"
        )
    for check in fetch.checks:
        yield from _check(check, language, whole)
    findings = store.findings(fetch)
    for family in ("lint", "neighbour"):
        chosen = [each for each in findings if each.family == family]
        if chosen:
            yield Text(f"    {say(f'finding.title.{family}', language)}", "bold")
            for finding in chosen:
                yield _finding(finding, language)
    if whole and is_mendable(fetch):
        for each in wanted([(fetch, map(store.read, fetch.exchanges))]):
            for line in warnings(each, language):
                yield Text(f"    {line}")


def _head(fetch: Fetch, language: Language) -> Text:
    head = Text(f"[{fetch.id}] ", style="bold")
    head.append(safe(f"{fetch.method} {fetch.url or '?'}"))
    head.append(f"  {say(f'verdict.{fetch.verdict}', language)}", _STYLES.get(fetch.verdict, "bold"))
    if fetch.code:
        reason = firefox_reason(fetch.code)
        head.append(f" {fetch.code}" + (f" (Firefox: {reason})" if reason else ""), _STYLES.get(fetch.verdict, "bold"))
    return head


def _facts(fetch: Fetch, language: Language) -> str:
    """What kind of request it was, its preflight, its credentials, and how sure the verdict is."""
    keys = (
        f"kind.{fetch.kind}",
        f"preflight.{fetch.preflight}",
        f"credentials.{fetch.credentials.mode}",
        f"confidence.{fetch.confidence}",
    )
    return " · ".join(say(f"cors.{key}", language) for key in keys)


def _check(check: Check, language: Language, whole: bool) -> Iterator[Text]:
    span = f" [{check.at.span.start}–{check.at.span.end}]" if check.at.span else ""
    value = f": {shown(check.header, check.value, False)}" if check.header and check.value is not None else ""
    # The start line decides where no header does: its sentence says what the bytes were asked.
    read = f"{check.header}{value}" if check.header else check_line(check, language)
    line = f"    {_MARKS[check.outcome]} {check.rule:<4} #{check.at.packet}{span} {read}"
    yield Text(safe(line), "red" if check.outcome == "fail" else "")
    if whole and check.header:
        yield Text(f"           {check_line(check, language)}", "dim")


def _finding(finding: Finding, language: Language) -> Text:
    line = Text(f"    ! {finding.rule:<4} #{finding.at.packet} ", _SEVERITIES[finding.severity])
    line.append(f"{severity_word(finding, language)}: ", _SEVERITIES[finding.severity])
    line.append(finding_line(finding, language))
    if finding.refuses:
        line.append(f" {say('finding.refused', language)}", "yellow")
    return line


def mending(
    store: Store, server: Server, language: Language, fetches: Iterable[Fetch], all_of_it: bool
) -> Iterator[str]:
    """The configuration of a server that lets these fetches pass; `all_of_it`: also where a block is not certain."""
    chosen = [each for each in fetches if is_mendable(each) and (all_of_it or each.verdict == "blocked")]
    if not chosen:
        yield say("mend.none", language)
    for each in wanted((fetch, map(store.read, fetch.exchanges)) for fetch in chosen):
        yield snippet(each, server, language)
