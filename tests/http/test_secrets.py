"""Secrets are covered in every header that carries them, and only there."""

import pytest

from netviz.http.secrets import mask, shown, shown_target

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJraW0ifQ.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("name", "value", "printed"),
    [
        ("Authorization", f"Bearer {TOKEN}", f"Bearer eyJh…({len(TOKEN)})"),
        ("authorization", "Basic a2ltOjEyMzQ=", "Basic …(12)"),
        ("Authorization", "opaque", "…(6)"),
        ("Cookie", "sid=abc123; theme=dark", "sid=…(6); theme=…(4)"),
        ("Set-Cookie", "sid=abc123; Path=/; HttpOnly", "sid=…(6); Path=/; HttpOnly"),
        ("Content-Type", "text/html", "text/html"),
    ],
)
def test_values_are_covered(name: str, value: str, printed: str) -> None:
    assert shown(name, value, show_secrets=False) == printed
    assert shown(name, value, show_secrets=True) == value


def test_a_short_secret_shows_nothing_of_itself() -> None:
    assert "p" not in mask("pass")


def test_tokens_are_covered_wherever_they_are() -> None:
    assert TOKEN not in shown("X-Anything", f"v={TOKEN};", show_secrets=False)
    assert TOKEN not in shown("Location", f"/cb#id_token={TOKEN}", show_secrets=False)
    assert shown("X-Anything", "v=plain;", show_secrets=False) == "v=plain;"


@pytest.mark.parametrize(
    ("target", "printed"),
    [
        ("/a?access_token=abc&x=1", "/a?access_token=…(3)&x=1"),
        ("/a?x=1&password=hunter2", "/a?x=1&password=…(7)"),
        ("/token=1/a?tokens=2", "/token=1/a?tokens=2"),
        ("user=kim&passwd=x", "user=kim&passwd=…(1)"),
    ],
)
def test_targets_and_forms_are_covered(target: str, printed: str) -> None:
    assert shown_target(target, show_secrets=False) == printed
    assert shown_target(target, show_secrets=True) == target
