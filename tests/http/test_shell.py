"""Whatever is quoted is one word for a shell, the same to the last byte, and nothing that a terminal obeys."""

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netviz.http.shell import quoted, quoted_bytes

BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None, reason="no bash to ask")


def words(line: str) -> list[bytes]:
    assert BASH is not None
    run = subprocess.run([BASH, "-c", f"printf '%s\\0' {line}"], capture_output=True, check=True)
    return run.stdout.split(b"\0")[:-1]


HOSTILE = (
    "", "a", "-rf", "$(touch x)", "`id`", "';id;'", '"', "\\", "a b", "!!", "~", "*", "a\nb",
    "\x1b]0;x\x07", "\x03", "한글", "\u202e", "$'x'",
)  # fmt: skip


@needs_bash
def test_hostile_words_stay_themselves() -> None:
    assert words(" ".join(map(quoted, HOSTILE))) == [each.encode() for each in HOSTILE]


@needs_bash
@settings(max_examples=25)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1, max_size=20))
def test_any_text_stays_itself(texts: list[str]) -> None:
    assert words(" ".join(map(quoted, texts))) == [each.encode() for each in texts]


@given(st.binary().filter(lambda data: 0 not in data))
def test_only_visible_signs_come_out(data: bytes) -> None:
    for line in (quoted_bytes(data), quoted(data.decode("latin-1"))):
        assert line.isascii() and line.isprintable()


def test_a_zero_byte_is_refused() -> None:
    with pytest.raises(ValueError, match="zero byte"):
        quoted_bytes(b"a\0b")
