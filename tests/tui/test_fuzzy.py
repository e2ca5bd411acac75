"""Finding by some letters: in Latin and Hangul, whole, begun, by initials, and what is likest first."""

import pytest

from netviz.tui.fuzzy import likeness


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ("filter", "Filter: type what packets must be like"),
        ("flt", "Filter"),
        ("next req", "on to the next HTTP request"),
        ("재생", "캡처된 속도로 재생하거나 멈춥니다"),
        ("재새", "캡처된 속도로 재생하거나 멈춥니다"),
        ("ㅈㅅ", "재생"),
        ("ㅈ", "재생"),
        ("각", "가기"),
        ("TIME", "TIME-WAIT"),
        ("다음 연결", "다음 TCP 연결이 시작되는 패킷으로 갑니다"),
        ("값", "값이 없음"),
    ],
)
def test_it_is_found(wanted, text):
    assert likeness(wanted, text) is not None


@pytest.mark.parametrize(
    ("wanted", "text"), [("xyz", "Filter"), ("ㅋㅋ", "재생"), ("retlif", "Filter"), ("filter zz", "Filter")]
)
def test_it_is_not_found(wanted, text):
    assert likeness(wanted, text) is None


def test_whole_words_at_a_beginning_are_likest():
    texts = ["a long theatre met me", "the meat", "lithemeter", "Theme: dark"]
    assert max(texts, key=lambda text: likeness("theme", text) or -1) == "Theme: dark"
    assert (likeness("재생", "재생하기") or 0) > (likeness("재생", "자세히 생각하기") or 0)
