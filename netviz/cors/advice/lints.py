"""Lints of one answer's CORS headers (R33, R36, R50, R69, R70): what works by luck, breaks later, or opens too much.

A lint looks at one exchange of a cross-origin fetch and yields findings; it changes no verdict.
"""

from collections.abc import Callable, Iterator
from typing import Final

from netviz.cors.advice.finding import Finding, Severity
from netviz.cors.answer.answer import listed
from netviz.cors.browser import PROFILES
from netviz.cors.evidence.cache import declared_age
from netviz.cors.evidence.seen import Seen
from netviz.cors.evidence.surroundings import Surroundings
from netviz.cors.request.origin import parts_of
from netviz.cors.request.safelist import NORMALIZED_METHODS, SAFE_METHODS, is_forbidden
from netviz.cors.verdict import Fetch

ORIGIN: Final = "access-control-allow-origin"
CREDENTIALS: Final = "access-control-allow-credentials"
METHODS: Final = "access-control-allow-methods"
HEADERS: Final = "access-control-allow-headers"
EXPOSE: Final = "access-control-expose-headers"
MAX_AGE: Final = "access-control-max-age"

Lint = Callable[[Seen, Fetch, Surroundings], Iterator[Finding]]


def found(seen: Seen, id: str, rule: str, severity: Severity, name: str | None, **details: str) -> Finding:
    """A lint's finding on a header of the response; on its status line where `name` is None or absent."""
    header = seen.response.header(name) if name is not None else None
    return Finding(
        id, rule, "lint", severity, seen.response.at(name), seen.id,
        header.name if header is not None else None, seen.response.value(name) if name is not None else None,
        details={"origin": seen.origin or "", "target": seen.target_origin, "status": str(seen.status), **details},
    )  # fmt: skip


def _vary(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R69: an Allow-Origin that names an origin, and no word to caches that it depends on the Origin."""
    value = seen.response.value(ORIGIN)
    if seen.is_preflight or value in (None, "*") or value != seen.origin:
        return
    varies = {name.lower() for name in listed(seen.response.value("vary"))}
    if not varies & {"origin", "*"}:
        stored = "no-store" not in (seen.response.value("cache-control") or "").lower()
        yield found(seen, "vary-origin-missing", "R69", "warning" if stored else "note", ORIGIN)


def _reflection(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R70: any origin is sent back, and with credentials."""
    value = seen.response.value(ORIGIN)
    credentials = seen.response.value(CREDENTIALS) == "true"
    if value == "null":
        yield found(seen, "null-with-credentials" if credentials else "null-allowed", "R70",
                    "danger" if credentials else "warning", ORIGIN)  # fmt: skip
    elif value is not None and value == seen.origin and credentials:
        others = sorted(around.reflected.get(seen.target_origin, set()) - {value, "null"})
        id, severity = ("reflects-origins", "danger") if others else ("reflects-perhaps", "note")
        yield found(seen, id, "R70", "danger" if severity == "danger" else "note", ORIGIN, others=", ".join(others[:3]))


def _wildcard(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R70: `*` never goes with credentials; nor do the other stars."""
    if seen.response.value(ORIGIN) == "*" and seen.response.value(CREDENTIALS) == "true":
        yield found(seen, "wildcard-with-credentials", "R70", "warning", CREDENTIALS)
    if fetch.credentials.mode != "include":
        return
    for name in (METHODS, HEADERS) if seen.is_preflight else (EXPOSE,):
        if "*" in listed(seen.response.value(name)):
            yield found(seen, "star-is-literal", "R52" if name == EXPOSE else "R31", "warning", name)


def _two_origins(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R43, R70: proxy and application both add the header."""
    count = len(seen.response.head.get_all(ORIGIN))
    if count > 1:
        yield found(seen, "two-allow-origins", "R43", "warning", ORIGIN, count=str(count))


def _credentials_value(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R47: only `true` counts; anything else is as if it were not there."""
    value = seen.response.value(CREDENTIALS)
    if value is not None and value != "true":
        yield found(seen, "credentials-not-true", "R47", "note" if value == "false" else "warning", CREDENTIALS)


def _hidden_error(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R70: an error without Allow-Origin shows as a CORS error, and hides the real fault."""
    if seen.is_preflight or seen.status < 400 or ORIGIN in seen.response:
        return
    id = "error-hides-only-on-errors" if seen.target_origin in around.allowing else "error-hides"
    yield found(seen, id, "R70", "danger", None)


_REFUSED_PREFLIGHTS: Final = {401: "401", 403: "403", 404: "404", 405: "405"}


def _preflight_status(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R29, R70: who answered the preflight, to judge by its status."""
    if not seen.is_preflight or 200 <= seen.status <= 299:
        return
    if seen.redirects():
        yield found(seen, "preflight-redirected", "R27", "warning", "location")
    else:
        kind = _REFUSED_PREFLIGHTS.get(seen.status, "5xx" if seen.status >= 500 else "other")
        yield found(seen, f"preflight-{kind}", "R29", "warning", None)


def _max_age(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R36: longer than the browser keeps it, or no number at all."""
    value = seen.response.value(MAX_AGE)
    if not seen.is_preflight or value is None:
        return
    seconds = declared_age(value)
    if seconds is None:
        yield found(seen, "max-age-unreadable", "R36", "warning", MAX_AGE)
        return
    caps = [(name, each.max_age_cap) for name, each in PROFILES.items() if each.max_age_cap is not None]
    cut = [f"{name} {cap}" for name, cap in caps if seconds > cap]
    if cut:
        own = PROFILES[around.browser].max_age_cap
        is_cut = own is not None and seconds > own
        yield found(seen, "max-age-above-cap", "R36", "note", MAX_AGE, caps=", ".join(cut), cut="" if is_cut else "-")


def _methods(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R31, R70: oddities of Access-Control-Allow-Methods."""
    if METHODS not in seen.response:
        return
    if not seen.is_preflight:
        yield found(seen, "only-for-preflight", "R31", "note", METHODS)
        return
    names = listed(seen.response.value(METHODS))
    small = [name for name in names if name not in NORMALIZED_METHODS and name.upper() in NORMALIZED_METHODS]
    if small:
        yield found(seen, "methods-lower-case", "R31", "warning", METHODS, names=", ".join(small))
    if names and set(names) <= SAFE_METHODS | {"OPTIONS"}:
        yield found(seen, "methods-needless", "R70", "note", METHODS)


def _headers(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R18, R33: what Access-Control-Allow-Headers names in vain, or does not name."""
    if HEADERS not in seen.response:
        return
    if not seen.is_preflight:
        yield found(seen, "only-for-preflight", "R32", "note", HEADERS)
        return
    names = [name.lower() for name in listed(seen.response.value(HEADERS))]
    asked = seen.asked.names if seen.asked is not None else ()
    if "*" in names and "authorization" in asked and "authorization" not in names:
        yield found(seen, "star-and-authorization", "R33", "warning", HEADERS)
    vain = [name for name in names if is_forbidden(name)]
    if vain:
        yield found(seen, "headers-in-vain", "R18", "note", HEADERS, names=", ".join(vain))


def _origin_differs(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R42: which part of the origin is another one."""
    value, origin = seen.response.value(ORIGIN), seen.origin
    if value is None or origin is None or value in ("*", "null", origin) or "," in value or " " in value:
        return
    allowed, page = parts_of(value), parts_of(origin)
    if allowed is None or page is None:
        return
    if allowed == page:
        yield found(seen, "origin-differs-in-form", "R42", "warning", ORIGIN)
        return
    parts = [part for part in ("scheme", "host", "port") if getattr(allowed, part) != getattr(page, part)]
    if "scheme" in parts and {allowed.port, page.port} == {80, 443}:
        parts = [part for part in parts if part != "port"]
    for part in parts:
        theirs, ours = str(getattr(allowed, part)), str(getattr(page, part))
        yield found(seen, f"origin-differs-{part}", "R42", "note", ORIGIN, allowed=theirs, page=ours)


def _ran_all_the_same(seen: Seen, fetch: Fetch, around: Surroundings) -> Iterator[Finding]:
    """R50: blocked is not undone."""
    is_last = seen.id == fetch.exchanges[-1]
    if is_last and fetch.verdict == "blocked" and not seen.is_preflight and seen.method not in ("GET", "HEAD"):
        yield found(seen, "ran-all-the-same", "R50", "warning", None, method=seen.method)
    if fetch.credentials.mode == "omit" and "set-cookie" in seen.response and not seen.is_preflight:
        yield found(seen, "set-cookie-ignored", "R50", "note", "set-cookie")


LINTS: Final[tuple[Lint, ...]] = (
    _hidden_error, _preflight_status, _two_origins, _origin_differs, _reflection, _wildcard, _vary, _credentials_value,
    _methods, _headers, _max_age, _ran_all_the_same,
)  # fmt: skip
