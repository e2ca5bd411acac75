"""`netviz settings`: where the settings are, what is in force and why, and an example to begin with."""

import argparse
import json
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from netviz.cli.choices import language_of
from netviz.cli.settings import SETTINGS, VIEWS, Known, Setting
from netviz.explain.words import Language, say
from netviz.model.safe import safe
from netviz.tui.keys import KEYS
from netviz.tui.remap import key_written, remapped

_LAST: Final = "keys"
"""The one setting that is a table of TOML, and so has to stand at the end."""


def show_settings(options: argparse.Namespace) -> int:
    """Print them; exit status 1 where something in them is wrong, so that a script can check a file."""
    language = language_of(options)
    known: Known = options.known
    if options.example:
        print("\n".join(example(known, language)))
        return 0
    said = [*known.sentences(language), *_key_faults(known, language)]
    if options.json:
        print(json.dumps(document(known, said), ensure_ascii=False, indent=2))
    else:
        _print(known, said, language)
    return 1 if said else 0


def document(known: Known, said: list[str]) -> dict[str, object]:
    """The settings for scripts."""
    values = {
        setting.name: {"value": value_of(known, setting), **known.origins[setting.name]._asdict()}
        for setting in SETTINGS
    }
    return {"file": str(known.path), "exists": known.there, "settings": values, "faults": said}


def value_of(known: Known, setting: Setting) -> object:
    """The value in force as a user would write it."""
    value = getattr(known.settings, setting.name)
    if setting.name == "view":
        return VIEWS[value - 1]
    if setting.name == "keys":
        return {name: list(keys) for name, keys in value.items()}
    return list(value) if isinstance(value, tuple) else value


def example(known: Known, language: Language) -> list[str]:
    """A file with every setting explained, and each taken out by a `#`: saved as it is it changes nothing."""
    lines = [f"# {line}" for line in say("settings.example", language, file=known.path).split("\n")]
    for setting in SETTINGS:
        lines += ["", f"# {say(f'settings.about.{setting.name}', language)}"]
        lines += _key_examples(language) if setting.name == _LAST else [f"# {setting.name} = {setting.example}"]
    return lines


def _key_examples(language: Language) -> list[str]:
    rows = [row for row in KEYS if row.keys]
    keys = {row.id: json.dumps([key_written(key) for key in row.keys.split(",")], ensure_ascii=False) for row in rows}
    return ["# [keys]", *(f"# {row.id} = {keys[row.id]}  # {say(f'screen.help.{row.id}', language)}" for row in rows)]


def _key_faults(known: Known, language: Language) -> list[str]:
    return [
        say(f"settings.fault.{fault.key}", language, place=f"{known.path} [keys] {fault.id}", **fault.details)
        for fault in remapped(known.settings.keys).faults
    ]


def _print(known: Known, said: list[str], language: Language) -> None:
    console = Console(highlight=False, markup=False, emoji=False)
    state = "read" if known.there else "absent"
    console.print(Text(f"{safe(str(known.path), 400)}  ({say(f'settings.{state}', language)})"), soft_wrap=True)
    table = Table.grid(padding=(0, 2))
    for setting in SETTINGS:
        origin = known.origins[setting.name]
        why = say(f"settings.from.{origin.kind}", language)
        detail = say("settings.line", language, line=origin.detail) if origin.kind == "file" else origin.detail
        shown = f"{why}: {safe(detail, 60)}" if origin.detail else why
        table.add_row(Text(f"  {setting.name}"), Text(_shown(known, setting, language)), Text(shown))
    console.print(table)
    for sentence in said:
        console.print(Text(f"✗ {sentence}"), soft_wrap=True)
    hint = "settings.hint" if known.there else "settings.hint-absent"
    console.print(Text(say(hint, language, file=known.path)), soft_wrap=True)


def _shown(known: Known, setting: Setting, language: Language) -> str:
    value = value_of(known, setting)
    if value is None or value == [] or value == {}:
        return say(f"settings.unset.{setting.name}", language, value=language)
    if isinstance(value, dict):
        return safe(", ".join(f"{name} = {' '.join(keys)}" for name, keys in value.items()), 200)
    if isinstance(value, list):
        return safe(", ".join(map(str, value)), 200)
    return str(value).lower() if isinstance(value, bool) else safe(str(value), 200)
