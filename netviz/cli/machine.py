"""`netviz interfaces` and `netviz doctor`: what this machine has, and what is missing to capture and to show."""

import argparse
import getpass
import importlib.metadata
import json
import os
import platform
import shutil
import sys
from pathlib import Path
from typing import Final

from rich.console import Console

from netviz.capture.interfaces import interfaces as found_interfaces
from netviz.capture.privileges import may_capture
from netviz.capture.readiness import Check, checks
from netviz.cli.choices import language_of
from netviz.explain.words import LANGUAGES, say
from netviz.report import doctor as doctor_report
from netviz.report import interfaces as interfaces_report
from netviz.tui.terminal import draws_lines_wide

_PACKAGES: Final = ("scapy", "textual", "rich", "numpy", "brotli")
_LEAST: Final = (80, 24)


def interfaces(options: argparse.Namespace) -> int:
    """List the interfaces of this machine."""
    found = found_interfaces()
    if options.json:
        print(json.dumps(interfaces_report.document(found, may_capture()), ensure_ascii=False, indent=2))
        return 0
    language = language_of(options)
    Console(highlight=False, markup=False).print(interfaces_report.table(found, language))
    usable = [each.name for each in found if not each.why_not]
    if usable:
        print(say("interfaces.hint", language, name=usable[0]), file=sys.stderr)
    down = [each.name for each in found if each.why_not == "down"]
    if down:
        print(say("interfaces.hint-down", language, name=down[0]), file=sys.stderr)
    return 0


def doctor(options: argparse.Namespace) -> int:
    """Say what works here and what to type where something does not; exit status 1 where capturing does not."""
    language = language_of(options)
    found = [*_program(), *checks(), *_terminal()]
    if options.json:
        print(json.dumps(doctor_report.document(found), ensure_ascii=False, indent=2))
    else:
        names = [each.name for each in found_interfaces() if not each.why_not] or ["lo"]
        remedies = doctor_report.remedies(found, language, _command(), names[0], getpass.getuser())
        doctor_report.show(found, remedies, language)
    return 1 if any(check.state == "missing" for check in found) else 0


def _command() -> str:
    """The netviz that is running, as sudo would have to name it: its own search path is another."""
    found = shutil.which(sys.argv[0]) or shutil.which("netviz")
    return str(Path(found).absolute()) if found else "netviz"


def _program() -> list[Check]:
    versions = {"python": platform.python_version()}
    lacking = []
    for name in _PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            lacking.append(name)
    shown = ", ".join(f"{name} {version}" for name, version in versions.items())
    found = [Check("versions", "ok", {"versions": shown})]
    if lacking:
        found.append(Check("packages", "missing", {"names": ", ".join(lacking)}))
    return found


def _terminal() -> list[Check]:
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    found = [Check("utf8", "ok" if encoding == "utf8" else "note", {"encoding": sys.stdout.encoding or "?"})]
    found.append(Check("languages", "ok", {"languages": ", ".join(LANGUAGES)}))
    if not sys.stdout.isatty():
        return [*found, Check("terminal", "note")]
    columns, lines = shutil.get_terminal_size()
    enough = columns >= _LEAST[0] and lines >= _LEAST[1]
    size: dict[str, object] = {"columns": columns, "lines": lines}
    found.append(Check("size", "ok" if enough else "note", size))
    found.append(_colours())
    found.append(Check("glyphs", "note" if draws_lines_wide() else "ok"))
    return found


def _colours() -> Check:
    if os.environ.get("NO_COLOR"):
        return Check("colours-off", "note")
    term = os.environ.get("TERM", "")
    if os.environ.get("COLORTERM", "") in ("truecolor", "24bit"):
        return Check("colours", "ok", {"count": "16777216", "term": term})
    if "256" in term or "kitty" in term or "ghostty" in term:
        return Check("colours", "ok", {"count": "256", "term": term})
    return Check("colours", "note", {"count": "16", "term": term or "?"})
