"""Whatever text comes, a painted line has its width in cells and holds visible characters only."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from netviz.tui.cells import beside, centred, fit, right, strip_of, wrapped

texts = st.text(max_size=60) | st.text("한글a \x1b\u202e[]\u0301", max_size=60)


@given(texts, st.integers(1, 50))
def test_a_strip_has_its_width_and_only_visible_characters(text, width):
    strip = strip_of(Text(text), width, Style())
    whole = "".join(segment.text for segment in strip)
    assert strip.cell_length == width
    assert whole.isprintable()


@given(texts, st.integers(1, 50))
def test_fitted_text_has_its_width(text, width):
    for fitted in (fit(text, width), centred(text, width), right(text, width)):
        assert cell_len(fitted) == width


@given(st.text("ab 한글.", max_size=80), st.integers(6, 40))
def test_wrapped_lines_fit_and_lose_nothing_but_spaces(text, width):
    lines = wrapped(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_hangul_syllable_is_never_halved():
    assert fit("한글날", 4) == "한 …"
    assert fit("한글", 4) == "한글"


def test_the_tail_stays_and_the_left_gives_way():
    assert beside(Text("a long beginning"), Text(" end"), 10).plain == "a lon… end"


def test_styles_keep_their_places():
    line = Text("ab")
    line.stylize(Style(bold=True), 1, 2)
    assert [(segment.text, segment.style.bold) for segment in strip_of(line, 2, Style())] == [("a", None), ("b", True)]
