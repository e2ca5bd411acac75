"""The captures that were opened last, in the XDG place for state. Where it can not be read or written, there are none."""

import contextlib
import json
import os
import time
from pathlib import Path

from netviz.model.limits import DEFAULT_LIMITS


def state_file() -> Path:
    """Where the list is kept: `$XDG_STATE_HOME/netviz/recent.json`."""
    base = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    return Path(base, "netviz", "recent.json")


def recent_files() -> list[str]:
    """Absolute names, the newest first; those that are there no longer are left out."""
    try:
        kept = json.loads(state_file().read_text(encoding="utf-8"))
        names = [str(entry["file"]) for entry in kept[: DEFAULT_LIMITS.recent_files]]
    except (OSError, ValueError, TypeError, KeyError):
        return []
    return [name for name in names if os.path.isfile(name)]


def remember(name: str, most: int = DEFAULT_LIMITS.recent_files) -> None:
    """Put a file at the head of the list. Under sudo nothing is written: it would be root's in the user's own folder.

    Of the list, `most` names are kept; none are where it is 0.
    """
    if not most or os.environ.get("SUDO_UID") or not os.path.isfile(name):
        return
    name = os.path.abspath(name)
    names = [name, *(known for known in recent_files() if known != name)][:most]
    kept = [{"file": known} for known in names]
    kept[0]["opened"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    file = state_file()
    with contextlib.suppress(OSError, UnicodeError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = file.with_suffix(".new")
        unfinished.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(unfinished, file)
