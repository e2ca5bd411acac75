"""Keys that a user has put in the place of others: the table of keys as it is then, and what was wrong with the wish."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from textual.keys import Keys, _character_to_key

from netviz.tui.keys import KEYS, KeyRow

_TAKEN: Final = frozenset({"ctrl+c", "ctrl+q"})
"""Keys that end the program whatever is settled."""
_SIGNS: Final = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "escape": "esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
}
_NAMES: Final = frozenset(key.value for key in Keys) | {f"f{number}" for number in range(1, 25)}
_CHARACTERS: Final = {_character_to_key(chr(code)): chr(code) for code in range(33, 127)}


class KeyFault(NamedTuple):
    """A wish that was not fulfilled; `settings.fault.<key>` has the sentence."""

    id: str
    key: str
    details: dict[str, object]


class Remapped(NamedTuple):
    """What is in force."""

    rows: tuple[KeyRow, ...]
    keymap: dict[str, str]
    """Id -> keys, for the toolkit."""

    faults: list[KeyFault]


def remapped(wanted: Mapping[str, Iterable[str]]) -> Remapped:
    """The table with other keys. A key that would do two things, a key or an id that is none, are left as they were."""
    known = {row.id: row for row in KEYS if row.keys}
    changed: dict[str, KeyRow] = {}
    faults: list[KeyFault] = []
    for name, keys in wanted.items():
        names = [key_name(key) for key in keys]
        if name not in known:
            faults.append(KeyFault(name, "key-id", {"name": name}))
        elif not names or None in names or _TAKEN.intersection(each for each in names if each):
            faults.append(KeyFault(name, "key-name", {"name": name, "wish": ", ".join(keys)}))
        else:
            own = tuple(dict.fromkeys(each for each in names if each))
            shown = " ".join(key_sign(each) for each in own[:2])
            changed[name] = known[name]._replace(keys=",".join(own), shown=shown)
    while double := _double(changed):
        name, other, key = double
        faults.append(KeyFault(name, "key-double", {"name": name, "wish": key_sign(key), "other": other}))
        del changed[name]
    rows = tuple(changed.get(row.id, row) for row in KEYS)
    return Remapped(rows, {name: row.keys for name, row in changed.items()}, faults)


def _double(changed: Mapping[str, KeyRow]) -> tuple[str, str, str] | None:
    """A changed row, another row that has one of its keys, and the key."""
    rows = [changed.get(row.id, row) for row in KEYS]
    for name, row in changed.items():
        for other in rows:
            shared = set(row.keys.split(",")) & set(other.keys.split(","))
            # A tree and a graph never have the focus at once, so a key may do something in either; the same for views.
            views = bool(row.views and other.views and not set(row.views) & set(other.views))
            apart = views or {row.scope, other.scope} == {"tree", "graph"}
            if other.id != name and shared and not apart:
                return name, other.id, min(shared)
    return None


def key_name(text: str) -> str | None:
    """The toolkit's name of a key written as `f7`, `ctrl+p`, `?` or `question_mark`; None where there is no such key."""
    if len(text) == 1:
        return _character_to_key(text) if text.isprintable() else None
    name = text.lower().replace(" ", "")
    if name in _NAMES:
        return name
    *modifiers, last = name.split("+")
    if modifiers and set(modifiers) <= {"ctrl", "shift", "alt"} and (last in _NAMES or len(last) == 1):
        return name
    return name if name in _CHARACTERS else None


def key_sign(key: str) -> str:
    """A key as people read it."""
    if key in _SIGNS:
        return _SIGNS[key]
    if key in _CHARACTERS:
        return _CHARACTERS[key]
    return key.upper() if key[:1] == "f" and key[1:].isdigit() else key


def key_written(key: str) -> str:
    """A key as it is written in the settings file."""
    return _CHARACTERS.get(key, key)
