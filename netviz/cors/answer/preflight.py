"""The preflight: is a request one and well made (R22 to R24), and does its answer let the request go (R27 to R33)?

Tests of the answer have the form of those in `response_check.py`; the CORS check itself is shared with it (R28).
"""

from typing import Final, NamedTuple

from netviz.cors.answer.answer import Answer, listed
from netviz.cors.request.safelist import SAFE_METHODS, is_token
from netviz.cors.terms import Outcome

AUTHORIZATION: Final = "authorization"


class Asked(NamedTuple):
    """What a preflight asks leave for."""

    method: str
    names: tuple[str, ...]
    """Of Access-Control-Request-Headers, in lower case."""


def asked_of(method: str, request_headers: str | None) -> Asked:
    """What Access-Control-Request-Method and -Headers ask."""
    return Asked(method, tuple(name.lower() for name in listed(request_headers)))


def is_in_browser_form(request_headers: str) -> bool:
    """R23: names in lower case, sorted, each once, joined by bare commas: as every browser writes them."""
    names = request_headers.split(",")
    return all(is_token(name) and name == name.lower() for name in names) and names == sorted(set(names))


def is_no_redirect(answer: Answer, include: bool) -> Outcome | None:
    """R27: a redirect as answer to a preflight refuses, whatever its headers."""
    return "fail" if answer.redirects else None


def has_ok_status(answer: Answer, include: bool) -> Outcome | None:
    """R29: status 200 to 299."""
    if answer.redirects:
        return None
    return "pass" if 200 <= answer.status <= 299 else "fail"


def methods_parse(answer: Answer, include: bool) -> Outcome | None:
    """R30: Access-Control-Allow-Methods is a list of tokens."""
    return _parses(answer.allow_methods)


def headers_parse(answer: Answer, include: bool) -> Outcome | None:
    """R30: Access-Control-Allow-Headers is a list of tokens."""
    return _parses(answer.allow_headers)


def _parses(value: str | None) -> Outcome | None:
    if value is None:
        return None
    return "pass" if all(map(is_token, listed(value))) else "fail"


def allows_method(answer: Answer, include: bool) -> Outcome | None:
    """R31: the method is named (with its capitals), or safelisted, or `*` covers it without credentials."""
    if answer.method in SAFE_METHODS:
        return "pass"
    if methods_parse(answer, include) == "fail":
        return None
    methods = listed(answer.allow_methods)
    return "pass" if answer.method in methods or ("*" in methods and not include) else "fail"


def allows_headers(answer: Answer, include: bool) -> Outcome | None:
    """R32: each header that was asked for is named, or `*` covers it without credentials."""
    if not answer.headers or headers_parse(answer, include) == "fail":
        return None
    return "fail" if refused_headers(answer, include) else "pass"


def refused_headers(answer: Answer, include: bool) -> tuple[str, ...]:
    """Names that the answer does not cover, in the order in which they were asked for."""
    allowed = {name.lower() for name in listed(answer.allow_headers)}
    if "*" in allowed and not include:
        # R33 has a word of its own about Authorization under `*`.
        return ()
    return tuple(name for name in answer.headers if name not in allowed)


def names_authorization(answer: Answer, include: bool) -> Outcome | None:
    """R33: by the standard `*` never covers Authorization; browsers differ."""
    allowed = {name.lower() for name in listed(answer.allow_headers)}
    if include or AUTHORIZATION not in answer.headers or "*" not in allowed or AUTHORIZATION in allowed:
        return None
    return "pass" if answer.wildcard_covers_authorization else "fail"
