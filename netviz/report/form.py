"""Forms that all JSON documents share: the envelope, times, durations."""

from netviz import __version__

SCHEMA = 1
_NS = 1_000_000_000


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
