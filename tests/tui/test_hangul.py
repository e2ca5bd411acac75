"""Letters of the two-set Hangul keyboard and the Latin letters on the same keys."""

import pytest

from netviz.tui.hangul import latin_keys


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("ㅓ", "j"),
        ("ㅏ", "k"),
        ("ㅂ", "q"),
        ("ㅃ", "Q"),
        ("버", "qj"),
        ("한", "gks"),
        ("쀍", "Qnpfr"),
        ("a", ""),
        ("1", ""),
        ("", ""),
    ],
)
def test_keys_of_hangul(typed, keys):
    assert latin_keys(typed) == keys


def test_every_syllable_has_keys():
    assert all(latin_keys(chr(code)).isalpha() for code in range(0xAC00, 0xD7A4))
