"""An error as a sentence for the screen. Knows the table of errors, nothing else."""

from netviz.errors import NetvizError
from netviz.explain import words
from netviz.explain.words import Language
from netviz.model.safe import safe


def error_sentence(error: Exception, language: Language) -> str:
    """What went wrong, why and what to do."""
    if isinstance(error, NetvizError):
        for key in (f"error.{error.key}", error.key):
            if words.has(key):
                return words.say(key, language, **error.details)
    return words.say("screen.error.other", language, reason=safe(str(error) or type(error).__name__, 300))
