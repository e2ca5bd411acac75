"""`netviz lesson`: the list of lessons, and one of them as text: each step with the packet it stands on."""

from collections.abc import Iterator

from rich.text import Text

from netviz.explain.words import LANGUAGES, Language, say
from netviz.filter.rows import FilteredRows, Reading
from netviz.lessons.lesson import Lesson, Step
from netviz.lessons.shelf import LESSONS
from netviz.pipeline.lines import packet_line
from netviz.pipeline.store import Store
from netviz.report.form import document as envelope
from netviz.report.packets import text_line


def shelf(language: Language) -> Iterator[Text]:
    """All lessons, one a line."""
    for lesson in LESSONS:
        line = Text(f"{lesson.id:<16} ", style="bold")
        line.append(say(f"lesson.{lesson.id}", language))
        line.append(f"  {say('lessons.steps', language, steps=len(lesson.steps), questions=lesson.questions)}", "dim")
        yield line
    yield Text(say("lessons.hint", language, name=LESSONS[0].id), "dim")


def text(lesson: Lesson, store: Store, language: Language) -> Iterator[Text]:
    """A lesson from its first step to its last, with the answers."""
    reading = Reading(store)
    first_time = store.packets.value("time", 0)
    yield Text(f"{say(f'lesson.{lesson.id}', language)}  ({lesson.capture})", style="bold")
    for number, step in enumerate(lesson.steps, 1):
        rows = FilteredRows(step.where, reading).update().tolist()
        packet = rows[step.nth - 1] + 1
        yield Text()
        yield Text(f"{number}. {say(f'lesson.{lesson.id}.{step.id}', language, packet=packet)}")
        for row in rows[:3] if step.asks else [packet - 1]:
            yield Text(f"   {text_line(packet_line(store, row), first_time, language)}", "dim")
        if step.asks:
            yield Text(f"   → {say(f'lesson.{lesson.id}.{step.id}.answer', language)}", "green")
        yield Text(f"   -Y {step.where!r}", "dim")


def document(lessons: tuple[Lesson, ...] = LESSONS) -> dict[str, object]:
    """Lessons as JSON, both languages."""
    return envelope(lessons=[_lesson(lesson) for lesson in lessons])


def _lesson(lesson: Lesson) -> dict[str, object]:
    return {
        "name": lesson.id,
        "capture": lesson.capture,
        "title": {language: say(f"lesson.{lesson.id}", language) for language in LANGUAGES},
        "steps": [_step(lesson, step) for step in lesson.steps],
    }


def _step(lesson: Lesson, step: Step) -> dict[str, object]:
    key = f"lesson.{lesson.id}.{step.id}"
    return {
        "name": step.id,
        "view": step.view,
        "filter": step.where,
        "nth": step.nth,
        "asks": step.asks,
        "text": {language: say(key, language, packet="{packet}") for language in LANGUAGES},
        "answer": {language: say(f"{key}.answer", language) for language in LANGUAGES} if step.asks else None,
    }
