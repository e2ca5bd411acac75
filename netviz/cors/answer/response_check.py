"""The CORS check on one response (Fetch 4.10; rules R40 to R49), a small test for each rule.

A test is asked for one reading of the credentials mode at a time: `include` True or False. It answers `pass`, `fail`,
or None where the rule has nothing to say about this answer.
"""

from netviz.cors.answer.answer import Answer
from netviz.cors.request.origin import is_url
from netviz.cors.terms import Outcome


def _verdict(passed: bool) -> Outcome:
    return "pass" if passed else "fail"


def has_allow_origin(answer: Answer, include: bool) -> Outcome | None:
    """R40: there is an Access-Control-Allow-Origin at all."""
    return _verdict(answer.allow_origin is not None)


def is_single(answer: Answer, include: bool) -> Outcome | None:
    """R43: one value only; a list, or two fields that join to one, is refused even where one of them fits."""
    value = answer.allow_origin
    if value is None or value == "*":
        return None
    return _verdict(value == answer.origin or not (" " in value or "," in value))


def is_origin_value(answer: Answer, include: bool) -> Outcome | None:
    """R44: a value that is neither `*` nor `null` reads as a URL."""
    value = answer.allow_origin
    if value is None or value in ("*", "null") or is_single(answer, include) == "fail":
        return None
    return _verdict(value == answer.origin or is_url(value))


def matches_origin(answer: Answer, include: bool) -> Outcome | None:
    """R42: equal to the request's Origin, byte for byte."""
    if not _is_comparable(answer, include) or "null" in (answer.allow_origin, answer.origin):
        return None
    return _verdict(answer.allow_origin == answer.origin)


def matches_null(answer: Answer, include: bool) -> Outcome | None:
    """R45: `null` fits `Origin: null` and nothing else."""
    if not _is_comparable(answer, include) or "null" not in (answer.allow_origin, answer.origin):
        return None
    return _verdict(answer.allow_origin == answer.origin)


def _is_comparable(answer: Answer, include: bool) -> bool:
    if answer.allow_origin in (None, "*"):
        return False
    return is_single(answer, include) == "pass" and is_origin_value(answer, include) != "fail"


def wildcard_without_credentials(answer: Answer, include: bool) -> Outcome | None:
    """R41: `*` lets any origin read what was fetched without credentials."""
    return "pass" if answer.allow_origin == "*" and not include else None


def wildcard_with_credentials(answer: Answer, include: bool) -> Outcome | None:
    """R46: `*` never covers a request with credentials."""
    return "fail" if answer.allow_origin == "*" and include else None


def allows_credentials(answer: Answer, include: bool) -> Outcome | None:
    """R47: with credentials, Access-Control-Allow-Credentials is exactly `true`."""
    return _verdict(answer.allow_credentials == "true") if include else None


def status_is_irrelevant(answer: Answer, include: bool) -> Outcome | None:
    """R48: an error status with the right headers can be read like any other."""
    return "pass" if answer.status >= 400 else None


def preflight_excuses_nothing(answer: Answer, include: bool) -> Outcome | None:
    """R49: the response itself needs Allow-Origin, whatever the preflight said."""
    return "fail" if answer.after_preflight and answer.allow_origin is None else None
