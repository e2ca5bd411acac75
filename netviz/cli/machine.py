"""`netviz interfaces` and `netviz doctor`: what this machine has, and what is missing to capture and to show."""

import argparse
import json
import sys

from rich.console import Console

from netviz.capture.interfaces import interfaces as found_interfaces
from netviz.capture.privileges import may_capture
from netviz.cli.choices import language_of
from netviz.explain.words import say
from netviz.report import interfaces as interfaces_report


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
