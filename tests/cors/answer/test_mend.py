"""The lines that would let a refused answer pass: with them the same rules find nothing more to refuse."""

import pytest

from netviz.cors.answer.answer import Answer
from netviz.cors.answer.mend import mending_lines
from netviz.cors.answer.rules import assess

PAGE = "http://app.test"
FIELDS = {
    "Access-Control-Allow-Origin": "allow_origin",
    "Access-Control-Allow-Credentials": "allow_credentials",
    "Access-Control-Allow-Methods": "allow_methods",
    "Access-Control-Allow-Headers": "allow_headers",
}
ANSWERS = [
    (Answer(PAGE, 200, None, None), False),
    (Answer(PAGE, 200, "http://b.test", None), False),
    (Answer(PAGE, 200, "*", None), False),
    (Answer("null", 200, PAGE, None), False),
    (Answer(PAGE, 404, None, None, False, None, None, "PUT", ("x-a", "x-b")), True),
    (Answer(PAGE, 302, PAGE, "True", False, "GET, *", "X-A", "PUT", ("x-a", "x-b"), True, True), True),
    (Answer(PAGE, 204, PAGE, None, False, "GET PUT", "a b, x-c", "PUT", ("x-a",)), True),
    (Answer(PAGE, 204, "*", None, False, None, "*", "GET", ("authorization",), False), True),
    (Answer(PAGE, 204, "*", None, False, "PUT; x", "*", "POST", ("content-type",)), True),
]


def mended(answer: Answer, lines: list[str]) -> Answer:
    for line in lines:
        name, _, value = line.partition(": ")
        if name in FIELDS:
            answer = answer._replace(**{FIELDS[name]: value})
        elif line.startswith("HTTP/1.1 "):
            answer = answer._replace(status=int(line.split()[1]), redirects=False)
        else:
            assert line == "Vary: Origin"
    return answer


@pytest.mark.parametrize(("answer", "is_preflight"), ANSWERS)
@pytest.mark.parametrize("include", [False, True])
def test_with_the_lines_nothing_is_refused(answer: Answer, is_preflight: bool, include: bool) -> None:
    found = assess(answer, is_preflight)
    lines = mending_lines(found, include)
    assert bool(lines) is bool(found.codes(include))
    assert assess(mended(answer, lines), is_preflight).codes(include) == ()


def test_what_was_allowed_before_stays_allowed() -> None:
    answer = Answer(PAGE, 204, PAGE, None, False, "GET, PATCH", "X-A", "PUT", ("x-b",))
    assert mending_lines(assess(answer, True), False) == [
        "Access-Control-Allow-Methods: GET, PATCH, PUT",
        "Access-Control-Allow-Headers: X-A, x-b",
    ]
