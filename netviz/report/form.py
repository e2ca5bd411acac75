"""Forms that all JSON documents share: the envelope, times, durations."""

import json
import re

from netviz import __version__

SCHEMA = 1
_NS = 1_000_000_000
_HIDDEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""What a terminal could obey, or a reader could not see, and JSON leaves as it is."""


def document(**content: object) -> dict[str, object]:
    """A JSON document with the envelope that every one of them has."""
    return {"netviz": __version__, "schema": SCHEMA, **content}


def timestamp(nanoseconds: int | None) -> str | None:
    """Seconds since the epoch with nine decimals, as a string that loses nothing."""
    if nanoseconds is None:
        return None
    seconds, rest = divmod(abs(nanoseconds), _NS)
    return f"{'-' if nanoseconds < 0 else ''}{seconds}.{rest:09d}"


def seconds(nanoseconds: int | None) -> float | None:
    """A duration in seconds."""
    return None if nanoseconds is None else nanoseconds / _NS


def json_text(value: object) -> str:
    """JSON to be printed: characters that a terminal could obey are escapes, which any reader takes for the same."""
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False, indent=1))
