"""Registrable domains and public suffixes, by the list in the installed package."""

import subprocess
import sys

import pytest

from netviz.http.suffix import is_public_suffix, registrable


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.example.com", "example.com"),
        ("www.example.co.kr", "example.co.kr"),
        ("EXAMPLE.Com.", "example.com"),
        ("one.github.io", "one.github.io"),
        ("github.io", None),
        ("co.kr", None),
        ("localhost", None),
        ("api.shop.test", "shop.test"),
        ("192.0.2.1", None),
        ("[2001:db8::1]", None),
        ("2001:db8::1", None),
        ("", None),
        (".", None),
        ("..", None),
    ],
)
def test_the_registrable_domain(host: str, domain: str | None) -> None:
    assert registrable(host) == domain


@pytest.mark.parametrize(
    ("domain", "public"),
    [("co.kr", True), ("github.io", True), ("com", True), ("example.com", False), ("192.0.2.1", False), ("", False)],
)
def test_public_suffixes(domain: str, public: bool) -> None:
    assert is_public_suffix(domain) is public


def test_the_list_is_read_only_when_a_name_is_asked_for() -> None:
    code = "import sys, netviz.http.cookie_rules; print('publicsuffixlist' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
