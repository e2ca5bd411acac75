"""The tables: numbers, codes and sentences stand as they must."""

import re

import pytest

from netviz.cors.answer.rules import NEVER_ON_THE_WIRE, PREFLIGHT_RULES, RESPONSE_RULES, Rule
from netviz.explain.words import has

ALL = [*RESPONSE_RULES, *PREFLIGHT_RULES]


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: f"{rule.id}-{rule.code}")
def test_a_row_is_numbered_and_has_sentences_for_what_it_can_say(rule: Rule) -> None:
    assert re.fullmatch(r"R([1-9]|[1-6][0-9]|7[0-6])", rule.id)
    assert rule.reference.startswith("#")
    assert any(has(f"{rule.text}.{outcome}") for outcome in ("pass", "fail"))
    if rule.code is not None:
        assert has(f"cors.code.{rule.code}")
        assert has(f"cors.fix.{rule.code}")
        assert has(f"{rule.text}.fail")
        assert rule.code not in NEVER_ON_THE_WIRE


def test_the_order_of_report_is_chromiums() -> None:
    codes = list(dict.fromkeys(rule.code for rule in PREFLIGHT_RULES if rule.code))
    assert codes == [
        "PreflightDisallowedRedirect",
        "PreflightMissingAllowOriginHeader",
        "PreflightMultipleAllowOriginValues",
        "PreflightInvalidAllowOriginValue",
        "PreflightAllowOriginMismatch",
        "PreflightWildcardOriginNotAllowed",
        "PreflightInvalidAllowCredentials",
        "PreflightInvalidStatus",
        "InvalidAllowMethodsPreflightResponse",
        "InvalidAllowHeadersPreflightResponse",
        "MethodDisallowedByPreflightResponse",
        "HeaderDisallowedByPreflightResponse",
    ]
