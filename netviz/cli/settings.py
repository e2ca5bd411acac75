"""What is in force: argument before environment before `config.toml` before default, and which of them it was.

A bad file never stops the program: what is wrong in it is a `Fault` with its line, and the rest is used.
"""

import argparse
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from netviz.cli.live_arguments import bounds
from netviz.errors import BadArgument
from netviz.explain.words import Language, preferred_language, say
from netviz.model.limits import DEFAULT_LIMITS
from netviz.model.settings import Settings

VIEWS: Final = ("packets", "layers", "connections", "exchanges", "cors", "statistics")
TIMES: Final = ("relative", "delta", "shown", "conversation", "clock", "utc", "date", "utc-date", "epoch")
_LARGEST: Final = 1 << 20
"""Bytes of a settings file that are read: a longer one is none."""


class Setting(NamedTuple):
    """One thing that may be settled."""

    name: str
    check: Callable[[Any], Any]
    """The value as it is used; raises ValueError, with what would be right, for one that makes no sense."""

    example: str
    """As TOML."""

    argument: str = ""
    """Its option on the command line, where there is one."""

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return f"NETVIZ_{self.name.upper()}"


class Fault(NamedTuple):
    """Something wrong in the settings; `settings.fault.<key>` has the sentence."""

    key: str
    place: str
    details: dict[str, object]


class Origin(NamedTuple):
    """Where a value comes from: `default`, `file`, `environment` or `argument`, and which line, variable or option."""

    kind: str
    detail: str = ""


@dataclass(slots=True)
class Known:
    """The settings in force, and what there is to say about them."""

    path: Path
    there: bool = False
    settings: Settings = field(default_factory=Settings)
    origins: dict[str, Origin] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def sentences(self, language: Language) -> list[str]:
        """The faults in words, each with its place."""
        return [
            say(f"settings.fault.{fault.key}", language, place=fault.place, **fault.details) for fault in self.faults
        ]


def one_of(*known: str) -> Callable[[Any], Any]:
    """A check: one of some words."""

    def check(value: Any) -> Any:
        if value not in known:
            raise ValueError(", ".join(known))
        return value

    return check


def _flag(value: Any) -> bool:
    words = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
    if isinstance(value, str):
        value = words.get(value.lower())
    if not isinstance(value, bool):
        raise ValueError("true, false")
    return value


def _view(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if value in VIEWS:
        return VIEWS.index(value) + 1
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= len(VIEWS):
        raise ValueError(f"1 - {len(VIEWS)}, {', '.join(VIEWS)}")
    return value


def _recent(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= DEFAULT_LIMITS.recent_files:
        raise ValueError(f"0 - {DEFAULT_LIMITS.recent_files}")
    return value


def _words(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [word.strip() for word in value.split(",") if word.strip()]
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise ValueError('["...", "..."]')
    return tuple(value)


def _keep(value: Any) -> tuple[str, ...]:
    words = _words(value)
    try:
        bounds("--keep", list(words))
    except BadArgument as error:
        raise ValueError(f"{error.details['known']} (packets:100000)") from None
    return words


def _keys(value: Any) -> dict[str, tuple[str, ...]]:
    """`[keys]`: which ids there are is known to the screen's table of keys, which checks them."""
    if not isinstance(value, dict):
        raise ValueError('filter = "f7"')
    found = {}
    for name, keys in value.items():
        keys = [keys] if isinstance(keys, str) else keys
        if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
            raise ValueError(f'{name} = "f7"')
        found[name] = tuple(key for key in keys if key)
    return found


SETTINGS: Final = (
    Setting("language", one_of("en", "ko"), '"ko"', "--lang"),
    Setting("theme", one_of("dark", "light", "contrast", "mono", "sixteen"), '"light"', "--theme"),
    Setting("motion", _flag, "false", "--no-motion"),
    Setting("glyphs", one_of("auto", "unicode", "ascii"), '"ascii"', "--ascii"),
    Setting("browser", one_of("chromium", "firefox", "webkit", "standard"), '"firefox"', "--browser"),
    Setting("view", _view, '"cors"', "--view"),
    Setting("time", one_of(*TIMES), '"utc"'),
    Setting("columns", _words, '["number", "time", "source", "destination", "layer", "tcp.seq", "info"]'),
    Setting("present", _flag, "true", "--present"),
    Setting("recent", _recent, "10"),
    Setting("keep", _keep, '["packets:1000000", "duration:3600"]', "--keep"),
    Setting("keys", _keys, 'filter = "f7"'),
)


def config_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the file is looked for: `$XDG_CONFIG_HOME/netviz/config.toml`."""
    base = environment.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    return Path(base, "netviz", "config.toml")


def settings_in_force(options: argparse.Namespace, environment: Mapping[str, str] = os.environ) -> Known:
    """All settings for a command line."""
    known = Known(config_file(environment))
    text, table = _read(known)
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        _take_default(known, setting, environment, values)
        if setting.name in table:
            line = _line_of(text, setting.name)
            place = f"{known.path}:{line}" if line else str(known.path)
            _take(known, setting, table[setting.name], Origin("file", str(line or "")), place, values)
        _take_environment(known, setting, environment, values)
        _take_argument(known, setting, options, values)
    known.settings = replace(known.settings, **values)
    return known


def settle(options: argparse.Namespace) -> Known:
    """Put what is in force in the place of the options that were not given, for every command alike."""
    known = settings_in_force(options)
    settings = known.settings
    language: Language = "ko" if (settings.language or preferred_language()) == "ko" else "en"
    for name, value in (("lang", settings.language), ("theme", settings.theme), ("browser", settings.browser)):
        if hasattr(options, name):
            setattr(options, name, value)
    if hasattr(options, "no_motion"):
        options.no_motion = not settings.motion
    if hasattr(options, "keep"):
        options.keep = list(settings.keep)
    options.settings = replace(settings, said=tuple(known.sentences(language)))
    return known


def _read(known: Known) -> tuple[str, dict[str, Any]]:
    """The file's text and what it says; what can not be read is a fault, and counts as empty."""
    try:
        with known.path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        known.there = True
        if len(data) > _LARGEST:
            raise ValueError(f"> {_LARGEST} bytes")
        text = data.decode("utf-8-sig")
        table = tomllib.loads(text)
    except (FileNotFoundError, NotADirectoryError):
        return "", {}
    except OSError as error:
        known.there = True
        known.faults.append(Fault("unreadable", str(known.path), {"reason": error.strerror or str(error)}))
        return "", {}
    except ValueError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        place = f"{known.path}:{found.group(1)}:{found.group(2)}" if found else str(known.path)
        if "end of document" in str(error):
            place = f"{known.path}:{data.count(10) + 1}"
        reason = re.sub(r" \(at .*\)$", "", str(error))
        known.faults.append(Fault("no-toml", place, {"reason": reason}))
        return "", {}
    names = {setting.name for setting in SETTINGS}
    for name in table:
        if name not in names:
            place = f"{known.path}:{_line_of(text, name) or 1}"
            known.faults.append(Fault("unknown", place, {"name": name, "known": ", ".join(sorted(names))}))
    return text, table


def _line_of(text: str, name: str) -> int:
    """The line that sets a name, from 1; 0 where it is written in a way that is not looked for."""
    quoted = re.escape(name)
    wanted = re.compile(rf"""^\s*(?:\[\s*)?["']?{quoted}["']?\s*(?:[=.\]]|$)""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if wanted.match(line)), 0)


def _take(known: Known, setting: Setting, value: Any, origin: Origin, place: str, values: dict[str, Any]) -> None:
    try:
        values[setting.name] = setting.check(value)
    except (ValueError, TypeError) as error:
        shown = value if isinstance(value, str) else str(value)
        details: dict[str, object] = {"name": setting.name, "value": shown[:60], "known": str(error)}
        known.faults.append(Fault("value", place, details))
        return
    known.origins[setting.name] = origin


def _take_default(known: Known, setting: Setting, environment: Mapping[str, str], values: dict[str, Any]) -> None:
    """What holds where nothing was settled; some of it is told by the terminal's own variables."""
    known.origins[setting.name] = Origin("default")
    if setting.name == "language":
        names = ("LC_ALL", "LC_MESSAGES", "LANG")
        known.origins["language"] = Origin("default", next((name for name in names if environment.get(name)), ""))
    # Over ssh each frame is felt, and on a console pictures that move only flicker.
    slow = "SSH_CONNECTION" if environment.get("SSH_CONNECTION") else ""
    slow = slow or ("TERM" if environment.get("TERM") in ("linux", "dumb") else "")
    if setting.name == "motion" and slow:
        values["motion"], known.origins["motion"] = False, Origin("default", slow)


def _take_environment(known: Known, setting: Setting, environment: Mapping[str, str], values: dict[str, Any]) -> None:
    """netviz's own variable, else what other programs' variables ask of all programs."""
    if environment.get(setting.variable):
        origin = Origin("environment", setting.variable)
        _take(known, setting, environment[setting.variable], origin, setting.variable, values)
        return
    plain = "NO_COLOR" if "NO_COLOR" in environment else ""
    still = plain or ("TEXTUAL_ANIMATIONS" if environment.get("TEXTUAL_ANIMATIONS") == "none" else "")
    if setting.name == "theme" and plain:
        values["theme"], known.origins["theme"] = "mono", Origin("environment", plain)
    if setting.name == "motion" and still:
        values["motion"], known.origins["motion"] = False, Origin("environment", still)


def _take_argument(known: Known, setting: Setting, options: argparse.Namespace, values: dict[str, Any]) -> None:
    given: Any = None
    if setting.argument == "--no-motion":
        given = False if getattr(options, "no_motion", False) else None
    elif setting.argument == "--present":
        given = True if getattr(options, "present", False) else None
    elif setting.argument == "--ascii":
        given = "ascii" if getattr(options, "ascii", False) else None
    elif setting.argument == "--lang":
        given = getattr(options, "lang", None)
    elif setting.argument:
        given = getattr(options, setting.name, None) or None
    if given is not None:
        if setting.argument == "--keep":
            # A condition that is none is refused where it was typed, not passed over as one in the file is.
            bounds("--keep", given)
        _take(known, setting, given, Origin("argument", setting.argument), setting.argument, values)
