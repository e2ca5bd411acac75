"""`netviz doctor`: what was tried, with what came of it, and what to type where something is missing."""

from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from netviz.capture.readiness import Check
from netviz.explain.words import Language, say
from netviz.report.form import document as envelope

_SIGNS: Final = {"ok": ("✓", "green"), "note": ("!", "yellow"), "missing": ("✗", "bold red")}
_ASCII: Final = {"ok": "+", "note": "!", "missing": "x"}
_WAYS: Final = ("sudo", "pipe", "dumpcap", "capability")
"""Ways of being allowed to capture, the simplest first."""


def document(found: list[Check]) -> dict[str, object]:
    """CONTRACT: `netviz doctor --json`."""
    return envelope(checks=[{"check": each.key, "state": each.state, "details": each.details} for each in found])


def remedies(
    found: list[Check], language: Language, command: str, interface: str, user: str
) -> list[tuple[str, str]]:  # fmt: skip
    """(what it is, what to type) for a user who may not capture; nothing for one who may."""
    if not any(each.key == "permission" and each.state == "missing" for each in found):
        return []
    typed = {
        "sudo": f"sudo {command} live -i {interface}",
        "pipe": f"sudo tcpdump -i {interface} -U -w - | netviz -",
        "dumpcap": f"sudo usermod -aG wireshark {user}",
        "capability": f"sudo setpriv --reuid={user} --regid={user} --init-groups --inh-caps=+net_raw "
        f"--ambient-caps=+net_raw {command} live -i {interface}",
    }
    return [(say(f"doctor.way.{way}", language), typed[way]) for way in _WAYS]


def show(found: list[Check], ways: list[tuple[str, str]], language: Language) -> None:
    """Print it."""
    console = Console(highlight=False, markup=False, emoji=False)
    plain = (console.encoding or "").lower() not in ("utf-8", "utf8")
    rows = Table(box=None, show_header=False, pad_edge=False)
    rows.add_column()
    rows.add_column(overflow="fold")
    for each in found:
        sign, style = _SIGNS[each.state]
        words = say(f"doctor.{each.key}.{each.state}", language, **each.details)
        rows.add_row(Text(_ASCII[each.state] if plain else sign, style=style), words)
    console.print(rows)
    if ways:
        console.print()
        console.print(say("doctor.ways", language), style="bold")
        for words, typed in ways:
            console.print(f"  {words}", soft_wrap=True)
            console.print(f"    {typed}", style="bold", soft_wrap=True)
