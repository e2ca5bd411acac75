"""Caching and conditional requests in words: may it be kept, how long is it fresh, what did the condition ask (RFC 9111)."""

from datetime import UTC, datetime

from netviz.explain.notes import Note, Weight, note, title, word
from netviz.explain.words import Language
from netviz.http.caching import Freshness, conditions, directives, freshness, same_version
from netviz.http.cookies import cookie_date
from netviz.http.exchange import Head, ReadExchange

_OLD_FIELDS = ("Expires", "ETag", "Last-Modified", "Cache-Control", "Age", "Pragma", "Vary")


def cache_notes(read: ReadExchange, response: Head | None, language: Language) -> list[Note]:
    """The condition that the request carried with its outcome, and what a cache may do with the answer."""
    found = _condition(read.request, response, language)
    told = _freshness(read, response, language)
    if told and not found and not _about_caching(read.request, response):
        told = told[:1]
    return [title("http.title.cache", language), *found, *told] if found or told else []


def _about_caching(request: Head | None, response: Head | None) -> bool:
    return any(response.get_all(name) for name in _OLD_FIELDS) if response is not None else False


def _condition(request: Head | None, response: Head | None, language: Language) -> list[Note]:
    if request is None:
        return []
    given = conditions(request)
    if not given:
        return [note("http.cache.unconditional", language, "faint", request.line_at)] if request.method == "GET" else []
    found = []
    for each in given:
        key = f"http.cache.{each.name.lower()}"
        found.append(note(key, language, at=each.at, value=each.value))
    if len([each for each in given if each.name in ("If-None-Match", "If-Modified-Since")]) == 2:
        found.append(note("http.cache.etag-first", language, "faint", given[0].at))
    if response is None:
        return found
    status_at = response.line_at
    if response.status == 304:
        found.append(note("http.cache.not-modified", language, "good", status_at))
        etag = response.get("ETag")
        tags = request.get("If-None-Match")
        if etag and tags and same_version(tags, etag):
            found.append(note("http.cache.same-etag", language, "plain", status_at, etag=etag))
    elif response.status == 412:
        found.append(note("http.cache.failed", language, "warn", status_at))
    elif response.status == 200 and request.method in ("GET", "HEAD"):
        found.append(note("http.cache.modified", language, "plain", status_at))
    return found


def _freshness(read: ReadExchange, response: Head | None, language: Language) -> list[Note]:
    if response is None or response.status < 200:
        return []
    time = read.response_time or 0
    fresh = freshness(read.request, response, time)
    at = fresh.at or response.line_at
    if response.status == 304:
        return [note("http.cache.refreshed", language, "plain", response.line_at)]
    weight: Weight = "warn" if fresh.storing in ("no-store", "not-cacheable", "authorization") else "plain"
    found = [note(f"http.cache.storing-{fresh.storing}", language, weight, response.line_at)]
    if fresh.storing in ("no-store", "not-cacheable"):
        return found
    if fresh.lifetime is None:
        found.append(note("http.cache.no-lifetime", language, "faint", at))
    else:
        found.append(note(f"http.cache.lifetime-{fresh.source}", language, "plain", at, seconds=fresh.lifetime))
        found += _age(fresh, response, time, language)
    if fresh.must_ask:
        found.append(note("http.cache.no-cache", language, "warn", at))
    if fresh.must_revalidate:
        found.append(note("http.cache.must-revalidate", language, "plain", at))
    if "immutable" in directives(response):
        found.append(note("http.cache.immutable", language, "plain", at))
    validators = [text for text in (fresh.etag and "ETag", fresh.last_modified and "Last-Modified") if text]
    if validators:
        found.append(note("http.cache.validators", language, "plain", at, fields=" + ".join(validators)))
    if fresh.vary:
        found.append(note("http.cache.vary", language, "plain", at, fields=fresh.vary))
    return found


def _age(fresh: Freshness, response: Head, time: int, language: Language) -> list[Note]:
    left = fresh.fresh_for
    assert left is not None
    found = []
    if fresh.age:
        source = word("http.cache.by-age" if response.get_all("Age") else "http.cache.by-date", language)
        found.append(note("http.cache.age", language, "plain", fresh.at, seconds=fresh.age, source=source))
    if left > 0:
        until = datetime.fromtimestamp(min(time // 1_000_000_000 + left, 253402300799), UTC)
        text = until.strftime("%Y-%m-%d %H:%M:%S UTC")
        found.append(note("http.cache.fresh", language, "good", fresh.at, seconds=left, until=text))
    else:
        found.append(note("http.cache.stale", language, "warn", fresh.at, seconds=-left))
    made = cookie_date(response.get("Date") or "")
    if made is not None and made - time // 1_000_000_000 > 60:
        ahead = made - time // 1_000_000_000
        found.append(note("http.cache.clock", language, "warn", response.line_at, seconds=ahead))
    return found
