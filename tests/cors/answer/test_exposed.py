"""Which response headers a script may read."""

import pytest

from netviz.cors.answer.exposed import exposure, same_origin_exposure

NAMES = ("date", "content-type", "content-length", "x-foo", "x-bar", "set-cookie", "pragma")
SAFE = ("content-type", "content-length", "pragma")


@pytest.mark.parametrize(
    ("expose", "include", "readable"),
    [
        (None, None, SAFE),
        ("X-Foo, Set-Cookie", False, ("content-type", "content-length", "x-foo", "pragma")),
        ("x-foo", True, ("content-type", "content-length", "x-foo", "pragma")),
        (",,X-Foo,", None, ("content-type", "content-length", "x-foo", "pragma")),
        ("X-Foo bar, X-Foo", None, SAFE),
        ('"X-Foo"', None, SAFE),
        ("*", False, ("date", "content-type", "content-length", "x-foo", "x-bar", "pragma")),
        ("*", True, SAFE),
        ("*, X-Foo", True, ("content-type", "content-length", "x-foo", "pragma")),
        ("*", None, SAFE),
    ],
)
def test_readable_headers(expose: str | None, include: bool | None, readable: tuple[str, ...]) -> None:
    shown = exposure(NAMES, expose, include)
    assert shown.readable == readable
    assert set(shown.readable) | set(shown.hidden) | set(shown.unsure) == set(NAMES)
    assert "set-cookie" in shown.hidden


def test_a_wildcard_leaves_the_others_open_where_the_mode_is_not_known() -> None:
    assert exposure(NAMES, "*", None).unsure == ("date", "x-foo", "x-bar")


def test_a_header_named_star_is_readable_with_credentials() -> None:
    assert exposure(("*", "x-foo"), "*", True).readable == ("*",)


def test_the_same_origin_reads_all_but_cookies() -> None:
    assert same_origin_exposure(NAMES).hidden == ("set-cookie",)
