"""The preflight's shape, and its answer rule by rule, in Chromium's order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.cors.answer.answer import Answer
from netviz.cors.answer.preflight import asked_of, is_in_browser_form, refused_headers
from netviz.cors.answer.rules import PREFLIGHT_RULES, assess

PAGE = "http://app.test"
METHODS, HEADERS = "MethodDisallowedByPreflightResponse", "HeaderDisallowedByPreflightResponse"
STATUS = "PreflightInvalidStatus"


def answer(
    method: str = "PUT",
    headers: tuple[str, ...] = (),
    allow_methods: str | None = "PUT",
    allow_headers: str | None = None,
    status: int = 204,
    **more: object,
) -> Answer:
    whole = Answer(PAGE, status, PAGE, None, False, allow_methods, allow_headers, method, headers)
    return whole._replace(**more)


# Measured with Chromium 156, without credentials.
ANSWERS = [
    (answer(), ()),
    (answer(allow_methods=None), (METHODS,)),
    (answer(allow_methods="put"), (METHODS,)),
    (answer(allow_methods="*"), ()),
    (answer(allow_methods=",,PUT,"), ()),
    (answer(allow_methods="GET, PUT"), ()),
    (answer(allow_methods=""), (METHODS,)),
    (answer("patch", allow_methods="PATCH"), (METHODS,)),
    (answer("patch", allow_methods="patch"), ()),
    (answer("GET", allow_methods=None), ()),
    (answer("POST", allow_methods="DELETE"), ()),
    (answer(allow_methods="PUT; DELETE"), ("InvalidAllowMethodsPreflightResponse",)),
    (answer(allow_methods='"PUT"'), ("InvalidAllowMethodsPreflightResponse",)),
    (answer(allow_methods="GET PUT"), ("InvalidAllowMethodsPreflightResponse",)),
    (answer(allow_headers="a b"), ("InvalidAllowHeadersPreflightResponse",)),
    (answer(headers=("x-a",)), (HEADERS,)),
    (answer(headers=("x-a",), allow_headers="X-A"), ()),
    (answer(headers=("x-a",), allow_headers="*"), ()),
    (answer(headers=("content-type", "x-a"), allow_headers="X-A"), (HEADERS,)),
    (answer(headers=("x-a",), allow_headers=" x-b ,\tx-a "), ()),
    (answer(status=404), (STATUS,)),
    (answer(status=299), ()),
    (answer(status=304), (STATUS,)),
    (answer(status=302), (STATUS,)),
    (answer(status=302, redirects=True), ("PreflightDisallowedRedirect",)),
    (answer(status=404, allow_origin=None), ("PreflightMissingAllowOriginHeader", STATUS)),
    (answer(status=404, allow_origin="*", allow_methods=None), (STATUS, METHODS)),
    (answer(status=404, allow_origin="http://b.test"), ("PreflightAllowOriginMismatch", STATUS)),
    (answer(allow_origin="a b"), ("PreflightMultipleAllowOriginValues",)),
    (answer(allow_origin="ab"), ("PreflightInvalidAllowOriginValue",)),
    (answer(allow_methods="a b", headers=("x-a",)), ("InvalidAllowMethodsPreflightResponse", HEADERS)),
]


@pytest.mark.parametrize(("given_answer", "codes"), ANSWERS)
def test_an_answer_reports_in_chromiums_order(given_answer: Answer, codes: tuple[str, ...]) -> None:
    assert assess(given_answer, True).omit_codes == codes


@pytest.mark.parametrize(
    ("given_answer", "codes"),
    [
        (answer(), ("PreflightInvalidAllowCredentials",)),
        (answer(allow_credentials="true"), ()),
        (answer(allow_origin="*", allow_credentials="true"), ("PreflightWildcardOriginNotAllowed",)),
        (answer(allow_methods="*", allow_credentials="true"), (METHODS,)),
        (answer("*", allow_methods="*", allow_credentials="true"), ()),
        (answer(headers=("x-a",), allow_headers="*", allow_credentials="true"), (HEADERS,)),
        (answer(headers=("*",), allow_headers="*", allow_credentials="true"), ()),
        (answer(status=404), ("PreflightInvalidAllowCredentials", STATUS)),
    ],
)
def test_with_credentials_no_wildcard_counts(given_answer: Answer, codes: tuple[str, ...]) -> None:
    assert assess(given_answer, True).include_codes == codes


@pytest.mark.parametrize(
    ("allow_headers", "covers", "codes"),
    [
        ("*", True, ()),
        ("*", False, (HEADERS,)),
        ("*, Authorization", False, ()),
        ("Authorization", False, ()),
        ("X-A", True, (HEADERS,)),
    ],
)
def test_authorization_under_a_wildcard_depends_on_the_browser(
    allow_headers: str, covers: bool, codes: tuple[str, ...]
) -> None:
    given_answer = answer(headers=("authorization",), allow_headers=allow_headers, wildcard_covers_authorization=covers)
    assert assess(given_answer, True).omit_codes == codes


def test_refused_headers_come_in_the_order_in_which_they_were_asked_for() -> None:
    asked = answer(headers=("a", "b", "c"), allow_headers="B")
    assert refused_headers(asked, False) == ("a", "c")


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ("content-type,x-api-key", True),
        ("x-a", True),
        ("x-api-key,content-type", False),
        ("content-type, x-api-key", False),
        ("Content-Type", False),
        ("x-a,x-a", False),
        ("", False),
        ("a b", False),
    ],
)
def test_browsers_write_request_headers_in_one_form(value: str, is_one: bool) -> None:
    assert is_in_browser_form(value) is is_one


def test_what_is_asked_is_read_without_case_and_empty_parts() -> None:
    assert asked_of("PUT", " X-B,, a ,") == ("PUT", ("x-b", "a"))
    assert asked_of("PUT", None) == ("PUT", ())


@given(
    st.builds(
        Answer,
        st.text(),
        st.integers(0, 999),
        st.none() | st.text(),
        st.none() | st.text(),
        st.booleans(),
        st.none() | st.text(),
        st.none() | st.text(),
        st.text(),
        st.lists(st.text()).map(tuple),
        st.booleans(),
        st.booleans(),
    )
)
def test_any_answer_is_assessed_and_credentials_never_allow_more(given_answer: Answer) -> None:
    found = assess(given_answer, True)
    assert not found.omit_codes or found.include_codes
    assert set(found.omit_codes) <= {rule.code for rule in PREFLIGHT_RULES}
