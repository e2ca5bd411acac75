"""The ladder's numbers, relative or as in the header, and who closes."""

import pytest

from netviz.tui.draw.steps import step_lines


async def test_numbers_are_relative_until_those_of_the_header_are_asked_for(opened, type_keys, text_of):
    async with opened() as (app, pilot):
        await type_keys(pilot, "3")
        relative = "\n".join(text_of(app))
        syn = app.store.segments(0)[0]
        assert "seq=0" in relative
        assert f"seq={syn.seq}" not in relative
        await type_keys(pilot, "r")
        absolute = "\n".join(text_of(app))
        assert f"seq={syn.seq}" in absolute
        assert "seq=0" not in absolute
        await type_keys(pilot, "r")
        assert "\n".join(text_of(app)) == relative


@pytest.mark.parametrize("language, words", [("en", "closes actively"), ("ko", "능동적으로 닫습니다")])
async def test_the_active_closer_is_named_once_its_fin_has_come(opened, type_keys, text_of, language, words):
    async with opened(size=(200, 60), language=language) as (app, pilot):
        await type_keys(pilot, "3")
        fin = app.store.connection(0).close_steps.fin_1
        app._go(fin)
        told = " ".join(line.text.plain.strip() for line in step_lines(app.scene, 120, 60))
        assert words in told
        assert f"#{fin}" in told.split(words)[0 if language == "ko" else 1]
        app._go(1)
        assert words not in " ".join(line.text.plain for line in step_lines(app.scene, 120, 60))


@pytest.mark.parametrize(
    ("language", "name", "packet", "words"),
    [
        ("en", "http-loss", 28, "#28 is a fast retransmission of #11"),
        ("ko", "http-loss", 28, "#28은 #11의 빠른 재전송"),
        ("en", "zero-window", 15, "attempt 2, 420.0 ms after #13"),
        ("ko", "zero-window", 15, "2번째, #13에서 420.0 ms 뒤"),
    ],
)
@pytest.mark.parametrize("width", [40, 100])
def test_a_segment_that_was_sent_again_says_why(a_scene, language, name, packet, words, width):
    lines = step_lines(a_scene(language, name=name, as_of=packet), width, 60)
    assert words in " ".join(" ".join(line.text.plain for line in lines).split())
    before = step_lines(a_scene(language, name=name, as_of=packet - 1), width, 60)
    assert words not in " ".join(" ".join(line.text.plain for line in before).split())


def test_a_scaled_window_shows_its_sum(a_scene):
    told = " ".join(line.text.plain.strip() for line in step_lines(a_scene(name="zero-window", as_of=6), 120, 60))
    assert "window = 64 × 1024 = 65536" in told
    syn = " ".join(line.text.plain.strip() for line in step_lines(a_scene(name="zero-window", as_of=3), 120, 60))
    assert "×" not in syn and "window = 2920" in syn
