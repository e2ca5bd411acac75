"""The story of a fetch in words: complete in both languages, with the deciding header and packet, and no secret."""

import re
from pathlib import Path
from typing import get_args

import pytest

import netviz.cors
from netviz.cors.evidence.outcome import CLOSED
from netviz.cors.evidence.unusable import PROXY_LOGIN, UNSAFE_REDIRECT, UNUSABLE
from netviz.cors.terms import Kind, Word
from netviz.cors.verdict import Check, Credentials, Fetch, NotSimple
from netviz.explain.cors import check_line, deciding_check, mend_lines, reason_line, story
from netviz.explain.words import LANGUAGES, has, tables
from netviz.model.evidence import Evidence, Span

CODES = [
    "DisallowedByMode", "InvalidResponse", "WildcardOriginNotAllowed", "MissingAllowOriginHeader",
    "MultipleAllowOriginValues", "InvalidAllowOriginValue", "AllowOriginMismatch", "InvalidAllowCredentials",
    "CorsDisabledScheme", "PreflightInvalidStatus", "PreflightDisallowedRedirect",
    "PreflightWildcardOriginNotAllowed", "PreflightMissingAllowOriginHeader",
    "PreflightMultipleAllowOriginValues", "PreflightInvalidAllowOriginValue", "PreflightAllowOriginMismatch",
    "PreflightInvalidAllowCredentials", "PreflightMissingAllowExternal", "PreflightInvalidAllowExternal",
    "InvalidAllowMethodsPreflightResponse", "InvalidAllowHeadersPreflightResponse",
    "MethodDisallowedByPreflightResponse", "HeaderDisallowedByPreflightResponse", "RedirectContainsCredentials",
    "InsecureLocalNetwork", "InvalidLocalNetworkAccess", "NoCorsRedirectModeNotFollow",
    "LocalNetworkAccessPermissionDenied",
]  # fmt: skip
SOURCES = "".join(path.read_text(encoding="utf-8") for path in Path(netviz.cors.__path__[0]).rglob("*.py"))


def refused(**changes: object) -> Fetch:
    """A simple request with a wrong Allow-Origin."""
    check = Check(
        "R42", "fail", Evidence(16, Span(86, 105)), "cors.check.R42.fail", 2, "Access-Control-Allow-Origin",
        "https://tea.example", "AllowOriginMismatch", {"origin": "http://app.test", "status": "200"},
    )  # fmt: skip
    present = check._replace(rule="R40", outcome="pass", text="cors.check.R40.pass", code=None)
    asked = Check("R1", "pass", Evidence(14), "cors.check.R1.pass", 2, "Origin", "http://app.test")
    fetch = Fetch(
        1, [2], "http://app.test", "http://api.test/t", "GET", "simple",
        verdict="blocked", code="AllowOriginMismatch", confidence="certain", server_ran_it=True,
        checks=[asked, present, check], mend=["Access-Control-Allow-Origin: http://app.test", "Vary: Origin"],
    )  # fmt: skip
    for name, value in changes.items():
        setattr(fetch, name, value)
    return fetch


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained_and_mended(code: str) -> None:
    assert has(f"cors.code.{code}")
    assert has(f"cors.fix.{code}")


@pytest.mark.parametrize(
    "key", [f"cors.verdict.{word}" for word in get_args(Word)] + [f"cors.kind.{kind}" for kind in get_args(Kind)]
)
def test_every_word_of_the_contract_is_explained(key: str) -> None:
    assert has(key)


def test_every_key_that_the_rules_name_has_a_sentence() -> None:
    named = set(re.findall(r'"(cors\.(?:check|why|inference)\.[\w.-]+\.(?:pass|fail|unknown))"', SOURCES))
    signs = set(re.findall(r'Inference\([^"]*"([a-z-]+)"', SOURCES))
    conditions = set(re.findall(r'Reading\("(?:indeterminate|none)", \(\), \w+, "([a-z-]+)"\)', SOURCES))
    conditions |= {CLOSED, UNUSABLE, PROXY_LOGIN, UNSAFE_REDIRECT}
    assert len(signs) >= 8 and len(conditions) >= 6
    assert not [key for key in named if not has(key)]
    assert not [sign for sign in signs if not has(f"cors.inference.{sign}")]
    assert not [condition for condition in conditions if not has(f"cors.condition.{condition}")]


def test_every_reason_for_a_preflight_has_a_sentence() -> None:
    for rule in ("R9", "R12", "R12-length", "R13", "R14", "R15", "R16", "R17", "R19", "R21"):
        for language in LANGUAGES:
            assert reason_line(NotSimple(rule.split("-")[0], "X-A", None, f"cors.why.{rule}"), language)


def test_the_story_names_the_deciding_header_its_value_and_packet_and_the_line_to_add() -> None:
    told = story(refused(), "en")
    assert any("packet 16" in line and "https://tea.example" in line for line in told)
    assert told[0] == "The page http://app.test asked for GET http://api.test/t (packet 14)."
    assert any("Access-Control-Allow-Origin: http://app.test | Vary: Origin" in line for line in told)
    assert any("has run the request all the same" in line for line in told)


def test_the_korean_story_has_as_many_lines_and_the_terms_of_the_field() -> None:
    told = story(refused(), "ko")
    assert len(told) == len(story(refused(), "en"))
    assert any("출처" in line or "Origin" in line for line in told)
    assert "차단" in "".join(told)


def test_what_is_open_is_told_with_its_condition_and_no_command() -> None:
    told = story(refused(verdict="indeterminate", condition="unless-credentials"), "en")
    assert any(line.startswith("Allowed unless the script asked for credentials") for line in told)
    assert any(line.startswith("If that was so") for line in told)


def test_a_preflighted_story_gives_each_reason_a_line() -> None:
    why = [
        NotSimple("R9", None, "PUT", "cors.why.R9"),
        NotSimple("R15", "Content-Type", "application/json", "cors.why.R15"),
    ]
    told = story(refused(kind="preflighted", why_not_simple=why, server_ran_it=False), "en")
    assert [line[:5] for line in told if line.startswith("- ")] == ["- PUT", "- Con"]
    assert any("never sent" in line for line in told)


def test_allowing_null_is_warned_about() -> None:
    lines = mend_lines(refused(mend=["Access-Control-Allow-Origin: null", "Vary: Origin"]), "en")
    assert any("Beware" in line for line in lines)


def test_the_last_check_with_the_code_decides() -> None:
    fetch = refused()
    assert deciding_check(fetch) is fetch.checks[-1]
    assert deciding_check(refused(code=None)) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cookies_value_is_in_no_sentence(language: str) -> None:
    cookie = Check("R71", "pass", Evidence(14), "cors.inference.cookie", 2, "Cookie", "session=s3cret")
    preflight = Check("R22", "fail", Evidence(14), "cors.check.R22.fail", 2, "Authorization", "Bearer s3cret")
    fetch = refused(credentials=Credentials("include", ("cookie",), "certain"))
    fetch.checks = [*fetch.checks, cookie, preflight]
    fetch.why_not_simple = [NotSimple("R12", "Authorization", "Bearer s3cret", "cors.why.R12")]
    fetch.kind = "preflighted"
    told = story(fetch, language) + [check_line(check, language) for check in fetch.checks]
    assert "s3cret" not in "".join(told)


def test_what_a_packet_wrote_is_made_safe() -> None:
    told = "".join(story(refused(url="http://api.test/\x1b]0;x\x07"), "en"))
    assert "\x1b" not in told


def test_a_response_without_its_request_is_told_too() -> None:
    lost = Fetch(1, [1], None, None, "", "unknown", condition="request-not-captured")
    assert all(story(lost, language) for language in LANGUAGES)


def test_sentences_use_only_details_that_checks_have() -> None:
    known = {
        "header",
        "value",
        "origin",
        "packet",
        "rule",
        "target",
        "method",
        "status",
        "names",
        "preflight",
        "seconds",
        "before",
    }
    for key, sentences in tables().items():
        if key.startswith(("cors.check.", "cors.inference.")):
            assert set(re.findall(r"{(\w+)}", sentences["en"])) <= known, key
