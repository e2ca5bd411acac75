"""Secrets are covered in every header that carries them, and only there."""

import pytest

from netviz.http.secrets import mask, shown

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
