"""All lessons, in the order in which one would teach them."""

from typing import Final

from netviz.lessons.lesson import Lesson
from netviz.lessons.network import DATAGRAMS, ENCAPSULATION, HANDSHAKE, LOSS, THREE_SEGMENTS, WINDOW
from netviz.lessons.web import COOKIES, CORS_BLOCKED, CORS_PREFLIGHT, TOKENS

LESSONS: Final[tuple[Lesson, ...]] = (
    ENCAPSULATION,
    DATAGRAMS,
    HANDSHAKE,
    THREE_SEGMENTS,
    LOSS,
    WINDOW,
    COOKIES,
    TOKENS,
    CORS_BLOCKED,
    CORS_PREFLIGHT,
)


def lesson_named(name: str) -> Lesson | None:
    """The lesson of a name, None where there is none."""
    return next((lesson for lesson in LESSONS if lesson.id == name), None)
