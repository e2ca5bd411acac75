"""What is remembered from one run to the next: filters and searches, in the XDG place. Never fails a run."""

import os
from pathlib import Path
from typing import Final

_MOST_FILTERS: Final = 200
_LONGEST: Final = 1000


def state_folder() -> Path | None:
    """Where state is kept ($XDG_STATE_HOME/netviz), None where there is no home."""
    try:
        home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    except RuntimeError:
        return None
    return Path(home) / "netviz"


def filters(name: str = "filters") -> list[str]:
    """Filters (or searches) used before, the newest last."""
    folder = state_folder()
    try:
        text = (folder / name).read_text(encoding="utf-8") if folder is not None else ""
    except (OSError, UnicodeDecodeError):
        return []
    return [line for line in text.splitlines() if line.strip() and len(line) <= _LONGEST][-_MOST_FILTERS:]


def remember_filter(text: str, name: str = "filters") -> list[str]:
    """Add a filter (or a search) as the newest; returns all of them. What can not be written is forgotten with the run.

    Under sudo nothing is written: it would be root's in the user's own folder.
    """
    text = text.strip()
    known = [line for line in filters(name) if line != text]
    known = [*known, text][-_MOST_FILTERS:] if text.isprintable() and len(text) <= _LONGEST else known
    folder = state_folder()
    if folder is not None and not os.environ.get("SUDO_UID"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("\n".join(known) + "\n", encoding="utf-8")
        except OSError:
            pass
    return known
