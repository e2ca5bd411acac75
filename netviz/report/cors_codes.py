"""`netviz cors --codes`: every reason a browser gives for blocking, what it means and what mends it. Reads no capture.

The names are Chromium's (its `CorsError`), with Firefox's where it has one. Which of them no capture can show is said.
"""

from collections.abc import Iterator

from rich.text import Text

from netviz.cors.answer.rules import NEVER_ON_THE_WIRE
from netviz.cors.browser import firefox_reason
from netviz.explain.words import LANGUAGES, Language, say, tables
from netviz.report.form import document as envelope

_BEFORE = "cors.code."


def codes(word: str = "") -> list[str]:
    """Codes with a word in their name, in Firefox's name for it or in their meaning in either language; "" for all."""
    wanted = word.casefold()
    return [code for code in _all() if any(wanted in text.casefold() for text in _texts(code))]


def _all() -> list[str]:
    return [key.removeprefix(_BEFORE) for key in tables() if key.startswith(_BEFORE)]


def _texts(code: str) -> list[str]:
    return [code, firefox_reason(code) or "", *(say(_BEFORE + code, language) for language in LANGUAGES)]


def text(chosen: list[str], language: Language) -> Iterator[Text]:
    """Each code's names, its meaning, and what to change on the server."""
    for code in chosen:
        line = Text(code, "bold red")
        reason = firefox_reason(code)
        line.append(f"  Firefox: {reason}" if reason else "", "dim")
        yield line
        yield Text(f"    {say(_BEFORE + code, language)}")
        yield Text(f"    {say(f'cors.fix.{code}', language)}", "green")
        if code in NEVER_ON_THE_WIRE:
            yield Text(f"    {say('cors.codes.unseen', language)}", "dim")
    yield Text(say("cors.codes.count", language, count=len(chosen)))


def document(chosen: list[str]) -> dict[str, object]:
    """The same as JSON, both languages."""
    return envelope(codes=[_code(code) for code in chosen])


def _code(code: str) -> dict[str, object]:
    return {
        "code": code,
        "firefox_reason": firefox_reason(code),
        "meaning": {language: say(_BEFORE + code, language) for language in LANGUAGES},
        "mend": {language: say(f"cors.fix.{code}", language) for language in LANGUAGES},
        "on_the_wire": code not in NEVER_ON_THE_WIRE,
    }
