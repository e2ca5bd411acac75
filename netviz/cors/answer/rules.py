"""The rules as rows: number, test, code, text key, reference; in the order in which Chromium reports (R34).

`assess` runs one table over one answer, for both readings of the credentials mode. The tests themselves live beside
their subject in `response_check.py` and `preflight.py`.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from netviz.cors.answer import preflight, response_check
from netviz.cors.answer.answer import Answer
from netviz.cors.terms import Outcome

ALLOW_ORIGIN: Final = "Access-Control-Allow-Origin"
ALLOW_CREDENTIALS: Final = "Access-Control-Allow-Credentials"
ALLOW_METHODS: Final = "Access-Control-Allow-Methods"
ALLOW_HEADERS: Final = "Access-Control-Allow-Headers"

Test = Callable[[Answer, bool], Outcome | None]


class Rule(NamedTuple):
    """One row. `text` is the key of its sentences, to which `.pass`, `.fail` or `.unknown` is added."""

    id: str
    test: Test
    header: str | None
    """The header whose bytes decide it; None: the start line does."""

    code: str | None
    """Chromium's name where it fails."""

    text: str
    reference: str
    """Anchor in the Fetch standard."""


_CHECK: Final = "#concept-cors-check"
_PREFLIGHT: Final = "#cors-preflight-fetch-0"

_ACCESS: Final = (
    Rule("R40", response_check.has_allow_origin, ALLOW_ORIGIN, "MissingAllowOriginHeader", "cors.check.R40", _CHECK),
    Rule("R43", response_check.is_single, ALLOW_ORIGIN, "MultipleAllowOriginValues", "cors.check.R43", _CHECK),
    Rule("R44", response_check.is_origin_value, ALLOW_ORIGIN, "InvalidAllowOriginValue", "cors.check.R44", _CHECK),
    Rule("R42", response_check.matches_origin, ALLOW_ORIGIN, "AllowOriginMismatch", "cors.check.R42", _CHECK),
    Rule("R45", response_check.matches_null, ALLOW_ORIGIN, "AllowOriginMismatch", "cors.check.R45", _CHECK),
    Rule("R41", response_check.wildcard_without_credentials, ALLOW_ORIGIN, None, "cors.check.R41", _CHECK),
    Rule("R46", response_check.wildcard_with_credentials, ALLOW_ORIGIN, "WildcardOriginNotAllowed", "cors.check.R46",
         _CHECK),
    Rule("R47", response_check.allows_credentials, ALLOW_CREDENTIALS, "InvalidAllowCredentials", "cors.check.R47",
         _CHECK),
)  # fmt: skip

RESPONSE_RULES: Final[tuple[Rule, ...]] = (
    *_ACCESS,
    Rule("R48", response_check.status_is_irrelevant, None, None, "cors.check.R48", "#http-network-or-cache-fetch"),
    Rule("R49", response_check.preflight_excuses_nothing, ALLOW_ORIGIN, None, "cors.check.R49", "#http-fetch"),
)

PREFLIGHT_RULES: Final[tuple[Rule, ...]] = (
    Rule("R27", preflight.is_no_redirect, None, "PreflightDisallowedRedirect", "cors.check.R27", _PREFLIGHT),
    *(rule._replace(code=rule.code and f"Preflight{rule.code}") for rule in _ACCESS),
    Rule("R29", preflight.has_ok_status, None, "PreflightInvalidStatus", "cors.check.R29", _PREFLIGHT),
    Rule("R30", preflight.methods_parse, ALLOW_METHODS, "InvalidAllowMethodsPreflightResponse", "cors.check.R30",
         "#http-new-header-syntax"),
    Rule("R30", preflight.headers_parse, ALLOW_HEADERS, "InvalidAllowHeadersPreflightResponse", "cors.check.R30",
         "#http-new-header-syntax"),
    Rule("R31", preflight.allows_method, ALLOW_METHODS, "MethodDisallowedByPreflightResponse", "cors.check.R31",
         _PREFLIGHT),
    Rule("R33", preflight.names_authorization, ALLOW_HEADERS, "HeaderDisallowedByPreflightResponse", "cors.check.R33",
         "#cors-non-wildcard-request-header-name"),
    Rule("R32", preflight.allows_headers, ALLOW_HEADERS, "HeaderDisallowedByPreflightResponse", "cors.check.R32",
         _PREFLIGHT),
)  # fmt: skip

NEVER_ON_THE_WIRE: Final = frozenset({"DisallowedByMode", "NoCorsRedirectModeNotFollow"})
"""Codes for requests that are never sent (R76): no capture can show them."""


class Ruling(NamedTuple):
    """What one row says about one answer, in both readings."""

    rule: Rule
    omit: Outcome | None
    """For a request without credentials."""

    include: Outcome | None
    """For a request with credentials."""

    def outcome(self, include: bool | None) -> Outcome | None:
        """The outcome in a reading; None for `include`: the mode is not known."""
        if include is not None:
            return self.include if include else self.omit
        if self.omit == self.include:
            return self.omit
        if self.omit is None:
            return "unknown" if self.include == "fail" else self.include
        return "unknown" if self.include is not None else None


class Assessment(NamedTuple):
    """All rows of a table over one answer."""

    answer: Answer
    rulings: tuple[Ruling, ...]
    omit_codes: tuple[str, ...]
    """Codes that fail without credentials, in Chromium's order; empty: the answer passes."""

    include_codes: tuple[str, ...]

    def codes(self, include: bool) -> tuple[str, ...]:
        """Codes that fail in a reading."""
        return self.include_codes if include else self.omit_codes


@lru_cache(maxsize=8192)
def assess(answer: Answer, is_preflight: bool) -> Assessment:
    """Apply the rows for a preflight's answer, or for any other response, to one answer."""
    table = PREFLIGHT_RULES if is_preflight else RESPONSE_RULES
    rulings = tuple(
        ruling
        for rule in table
        if (ruling := Ruling(rule, rule.test(answer, False), rule.test(answer, True)))
        and (ruling.omit is not None or ruling.include is not None)
    )
    return Assessment(answer, rulings, _codes(rulings, False), _codes(rulings, True))


def _codes(rulings: tuple[Ruling, ...], include: bool) -> tuple[str, ...]:
    failed = (ruling.rule.code for ruling in rulings if ruling.outcome(include) == "fail")
    return tuple(dict.fromkeys(code for code in failed if code))
