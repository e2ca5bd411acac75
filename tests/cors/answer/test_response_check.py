"""The CORS check on one response: a row for each rule, each outcome, in both readings of the credentials mode."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.cors.answer.answer import Answer
from netviz.cors.answer.rules import assess

PAGE = "http://app.test:8201"
NONE: tuple[str, ...] = ()


def answer(
    allow_origin: str | None, allow_credentials: str | None = None, origin: str = PAGE, status: int = 200
) -> Answer:
    return Answer(origin, status, allow_origin, allow_credentials)


# Allow-Origin, then what Chromium reports without credentials. Measured with Chromium 156.
ALLOW_ORIGIN = [
    (PAGE, NONE),
    ("*", NONE),
    (None, ("MissingAllowOriginHeader",)),
    (PAGE + "/", ("AllowOriginMismatch",)),
    (PAGE.upper(), ("AllowOriginMismatch",)),
    ("http://app.test", ("AllowOriginMismatch",)),
    ("https://app.test:8201", ("AllowOriginMismatch",)),
    ("app.test:8201", ("AllowOriginMismatch",)),
    ("null", ("AllowOriginMismatch",)),
    ("http://*", ("AllowOriginMismatch",)),
    ("localhost", ("InvalidAllowOriginValue",)),
    ("http://", ("InvalidAllowOriginValue",)),
    ("", ("InvalidAllowOriginValue",)),
    ("**", ("InvalidAllowOriginValue",)),
    ('"*"', ("InvalidAllowOriginValue",)),
    ("true", ("InvalidAllowOriginValue",)),
    (f"{PAGE}, {PAGE}", ("MultipleAllowOriginValues",)),
    (f"{PAGE},", ("MultipleAllowOriginValues",)),
    (f"{PAGE} {PAGE}", ("MultipleAllowOriginValues",)),
    ("*, *", ("MultipleAllowOriginValues",)),
    ("*,", ("MultipleAllowOriginValues",)),
]


@pytest.mark.parametrize(("value", "codes"), ALLOW_ORIGIN)
def test_allow_origin_without_credentials(value: str | None, codes: tuple[str, ...]) -> None:
    assert assess(answer(value), False).omit_codes == codes


@pytest.mark.parametrize(("value", "codes"), ALLOW_ORIGIN)
def test_with_credentials_and_leave_for_them_only_the_wildcard_differs(
    value: str | None, codes: tuple[str, ...]
) -> None:
    expected = ("WildcardOriginNotAllowed",) if value == "*" else codes
    assert assess(answer(value, "true"), False).include_codes == expected


@pytest.mark.parametrize("value", [None, "True", "TRUE", "1", "", "true, true", "false"])
def test_credentials_need_exactly_true(value: str | None) -> None:
    assert assess(answer(PAGE, value), False).include_codes == ("InvalidAllowCredentials",)
    assert assess(answer(PAGE, value), False).omit_codes == ()


@pytest.mark.parametrize(
    ("value", "origin", "codes"),
    [("null", "null", NONE), (PAGE, "null", ("AllowOriginMismatch",)), ("*", "null", NONE)],
)
def test_null_fits_only_null(value: str, origin: str, codes: tuple[str, ...]) -> None:
    assert assess(answer(value, None, origin), False).omit_codes == codes


def test_a_status_of_error_is_read_like_any_other() -> None:
    outcomes = {ruling.rule.id: ruling.omit for ruling in assess(answer("*", status=500), False).rulings}
    assert outcomes == {"R40": "pass", "R41": "pass", "R46": None, "R47": None, "R48": "pass"}


@pytest.mark.parametrize("after", [False, True])
def test_a_preflight_does_not_excuse_the_response(after: bool) -> None:
    rulings = assess(Answer(PAGE, 200, None, None, after), False).rulings
    assert ("R49" in {ruling.rule.id for ruling in rulings}) is after


@pytest.mark.parametrize(
    ("allow_origin", "allow_credentials", "rule", "outcome"),
    [
        ("*", None, "R46", "unknown"),
        ("*", None, "R41", None),
        (PAGE, None, "R47", "unknown"),
        (PAGE, "true", "R47", "pass"),
        (PAGE, None, "R42", "pass"),
        ("http://b.test", None, "R42", "fail"),
    ],
)
def test_what_is_left_open_where_the_mode_is_not_known(
    allow_origin: str, allow_credentials: str | None, rule: str, outcome: str | None
) -> None:
    (ruling,) = [
        each for each in assess(answer(allow_origin, allow_credentials), False).rulings if each.rule.id == rule
    ]
    assert ruling.outcome(None) == outcome


@given(st.none() | st.text(), st.none() | st.text(), st.text(), st.integers(0, 999))
def test_with_credentials_never_more_is_allowed(
    allow_origin: str | None, allow_credentials: str | None, origin: str, status: int
) -> None:
    found = assess(answer(allow_origin, allow_credentials, origin, status), False)
    assert not found.omit_codes or found.include_codes
    if not found.omit_codes:
        assert allow_origin in ("*", origin)
    if not found.include_codes:
        assert (allow_origin, allow_credentials) == (origin, "true")
