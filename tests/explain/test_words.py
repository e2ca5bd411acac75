"""Sentences in two languages: particles by sound, details made safe, unknown keys refused."""

import pytest

from netviz.explain import words
from netviz.explain.words import UnknownWord, preferred_language, say


@pytest.mark.parametrize(
    ("template", "name", "shown"),
    [
        ("{x}은(는) 없다", "서버", "서버는 없다"),
        ("{x}은(는) 없다", "패킷", "패킷은 없다"),
        ("{x}을(를) 보낸다", "SYN", "SYN을 보낸다"),
        ("{x}을(를) 보낸다", "ACK", "ACK를 보낸다"),
        ("{x}이(가) 온다", "3", "3이 온다"),
        ("{x}와(과) 같다", "2", "2와 같다"),
        ("{x}(으)로 간다", "서울", "서울로 간다"),
        ("{x}(으)로 간다", "집", "집으로 간다"),
        ("{x}은(는) 없다", "header", "header는 없다"),
        ("{x}이(가) 없다", "Access-Control-Allow-Origin", "Access-Control-Allow-Origin이 없다"),
        ("{x}이(가) 없다", "Access-Control-Allow-Methods", "Access-Control-Allow-Methods가 없다"),
        ("{x}을(를) 쓴다", "Set-Cookie", "Set-Cookie를 쓴다"),
        ("{x}(으)로 간다", "curl", "curl로 간다"),
        ("{x}(으)로 간다", "example.com", "example.com으로 간다"),
        ("{x}은(는) 없다", "ping", "ping은 없다"),
        ("{x}은(는) 없다", "Accept", "Accept은(는) 없다"),
        ("{x}은(는) 없다", '"x"', '"x"은(는) 없다'),
    ],
)
def test_particles_follow_the_sound(monkeypatch: pytest.MonkeyPatch, template: str, name: str, shown: str) -> None:
    monkeypatch.setattr(words, "_sentences", {"k": {"ko": template, "en": "{x}"}}.get)
    assert say("k", "ko", x=name) == shown


def test_details_are_made_safe() -> None:
    assert "\x1b" not in say("error.missing-file", "en", file="\x1b]0;title\x07")


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(UnknownWord):
        say("no.such.key", "en")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "ko_KR.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_environment_chooses(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert preferred_language() == language
