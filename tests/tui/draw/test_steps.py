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


@pytest.mark.parametrize(("language", "told", "right"), [
    ("en", "Often told: in step 2 the side that got the FIN", "is in CLOSE-WAIT. Only who closed first"),
    ("ko", "흔한 오해: 2단계에서 FIN을 받은 쪽이", "CLOSE-WAIT가 됩니다"),
])  # fmt: skip
def test_what_is_often_told_wrong_stands_where_it_is_shown_right(a_scene, language, told, right):
    fin = a_scene(name="http-loss").store.connection(0).close_steps.fin_1
    said = " ".join(
        line.text.plain.strip() for line in step_lines(a_scene(language, name="http-loss", selected=fin), 300, 60)
    )
    assert told in said and right in said and f"{fin}" in said
    other = step_lines(a_scene(language, name="http-loss", selected=fin - 1), 300, 60)
    assert told not in " ".join(line.text.plain for line in other)


def test_nothing_later_is_told(a_scene):
    """That the server is open with the third segment is not known at the second."""
    early = step_lines(a_scene(name="http-loss", as_of=4, selected=4), 300, 60)
    late = step_lines(a_scene(name="http-loss", selected=4), 300, 60)
    told = "both sides are ESTABLISHED after the third segment"
    assert told not in " ".join(line.text.plain for line in early)
    assert told in " ".join(line.text.plain for line in late)


def test_a_simultaneous_open_has_no_steps_of_three(a_scene):
    scene = a_scene(name="tcp/simultaneous-open-middle", selected=2)
    said = [line.text.plain for line in step_lines(scene, 100, 60)]
    assert not any("/3" in line for line in said)
    assert [line.split()[1:3] for line in said if "SYN" in line and "#" in line and "sends" not in line][:4] == [
        ["SYN", "#1"], ["SYN", "#2"], ["SYN,ACK", "#3"], ["SYN,ACK", "#4"],
    ]  # fmt: skip
