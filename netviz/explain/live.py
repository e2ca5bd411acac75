"""What a live capture says of itself, as sentences and as a gauge of few words. Knows no screen."""

from netviz.explain.words import Language, say
from netviz.model.live import LiveState, Note

_FORMS = ("live.gauge", "live.gauge.small", "live.gauge.smallest")


def note_sentence(note: Note, language: Language) -> str:
    """The sentence of a note."""
    return say(f"live.note.{note.key}", language, **note.details)


def gauges(state: LiveState, language: Language) -> tuple[str, ...]:
    """What was captured, lost, how far behind the analysis is and how full the store: the longest form first."""
    details = {
        "packets": f"{state.captured:,}",
        "lost": f"{state.lost:,}",
        "lag": f"{state.lag / 1e6:,.0f}",
        "fill": f"{state.fill * 100:.0f}",
    }
    return tuple(say(form, language, **details) for form in _FORMS)


def closing_lines(state: LiveState, language: Language) -> list[str]:
    """What is said when a capture has ended."""
    lines = [
        say("live.done", language, packets=state.captured, kernel=state.dropped_by_kernel, queue=state.dropped_by_queue)
    ]
    if state.not_kept:
        lines.append(say("live.not-kept", language, count=state.not_kept))
    if state.file:
        key = "live.written" if state.files < 2 else "live.written-ring"
        lines.append(say(key, language, packets=state.written, file=state.file, count=state.files))
    return lines
