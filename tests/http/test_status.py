"""Status codes: names, classes, companions, and a sentence for each in both languages."""

from collections.abc import Callable
from http import HTTPStatus

import pytest

from netviz.explain.words import has
from netviz.http.exchange import Head
from netviz.http.status import NAMES, class_of, missing_companion, name_of

OTHER_NAMES = {418}
"""Where Python has the joke and the registry `(Unused)`."""


@pytest.mark.parametrize("status", [each for each in HTTPStatus if each not in OTHER_NAMES])
def test_names_are_those_of_the_registry(status: HTTPStatus) -> None:
    renamed = {
        "Request Entity Too Large",
        "Request-URI Too Long",
        "Requested Range Not Satisfiable",
        "Unprocessable Entity",
    }
    assert status in NAMES
    assert status.phrase in renamed or name_of(status).lower() == status.phrase.lower()


@pytest.mark.parametrize("status", NAMES)
def test_every_code_is_explained(status: int) -> None:
    assert has(f"http.status.{status}")
    assert class_of(status) != "unknown"
    assert has(f"http.status.{status // 100}xx")


def test_unknown_codes() -> None:
    assert (class_of(499), name_of(499)) == ("client-error", "")
    assert class_of(999) == "unknown"


@pytest.mark.parametrize(
    ("status", "field", "missing"),
    [
        (401, b"", ("WWW-Authenticate",)),
        (401, b"WWW-Authenticate: Basic\r\n", None),
        (405, b"allow: GET\r\n", None),
        (405, b"", ("Allow",)),
        (206, b"Content-Range: bytes 0-1/2\r\n", None),
        (206, b"Content-Type: multipart/byteranges; boundary=x\r\n", None),
        (206, b"Content-Type: text/plain\r\n", ("Content-Range", "Content-Type")),
        (302, b"", ("Location",)),
        (200, b"", None),
    ],
)
def test_what_must_come_with_a_status(
    head_of: Callable[[bytes], Head], status: int, field: bytes, missing: tuple[str, ...] | None
) -> None:
    found = missing_companion(head_of(b"HTTP/1.1 %d X\r\n" % status + field + b"\r\n"))
    assert (found.fields if found else None) == missing
