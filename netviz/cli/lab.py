"""`netviz lab [NAME]`: the list of labs, or one of them with the live screen beside it."""

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import Final

from netviz.cli.choices import language_of
from netviz.errors import BadArgument, NotPermitted
from netviz.lab.card import listing
from netviz.lab.keeping import Showing, keep
from netviz.lab.laboratory import Choices, Lab, Place
from netviz.lab.labs import LABS
from netviz.lab.line import Line
from netviz.lab.namespaces import remove_abandoned
from netviz.lab.requirements import TUN, CannotRecord, require_programs

_REPEAT: Final = 10.0


def lab(options: argparse.Namespace) -> int:
    """List the labs, or run one until it is ended."""
    language = language_of(options)
    width = shutil.get_terminal_size().columns
    if options.name is None:
        print("\n".join(listing(LABS.values(), language, width)))
        return 0
    if options.name not in LABS:
        raise BadArgument("no-such-lab", name=options.name, known=" ".join(LABS))
    chosen = LABS[options.name]
    place = _place(chosen, options.loopback)
    line = _line(options)
    if line is not None and place == "loopback":
        raise BadArgument("lab-no-line", name=chosen.name)
    _check(chosen, place, line)
    screen = not options.text and not options.no_screen and sys.stdin.isatty() and sys.stdout.isatty()
    showing = Showing(
        language,
        screen,
        text=not screen and not options.no_screen,
        theme=options.theme,
        record=Path(options.record) if options.record else None,
        every=_every(options, chosen, screen),
        once=options.once,
        at=options.at,
        width=width,
    )
    return keep(chosen, Choices(place, language, line, options.port), showing)


def _place(chosen: Lab, wants_loopback: bool) -> Place:
    """Raises: NotPermitted, BadArgument where the lab can not run where it would have to."""
    root = os.geteuid() == 0
    if "loopback" in chosen.places and (wants_loopback or not root or chosen.places[0] == "loopback"):
        return "loopback"
    if wants_loopback:
        raise BadArgument("lab-not-on-loopback", name=chosen.name)
    if not root:
        here = " ".join(each.name for each in LABS.values() if "loopback" in each.places)
        raise NotPermitted(
            "lab-machines-need-root", name=chosen.name, command=f"sudo netviz lab {chosen.name}", known=here
        )
    return "machines"


def _check(chosen: Lab, place: Place, line: Line | None) -> None:
    """Raises: CannotRecord where a program or a device that the lab needs is not there."""
    if place == "loopback":
        require_programs(chosen.programs)
        return
    require_programs(("ip", *chosen.programs))
    if (line is not None or chosen.needs_line) and not TUN.exists():
        raise CannotRecord("lab-no-tun", device=TUN)
    remove_abandoned()


def _line(options: argparse.Namespace) -> Line | None:
    shares = {name: getattr(options, name) / 100 for name in ("loss", "reorder", "duplicate")}
    if not options.delay and not any(shares.values()):
        return None
    return Line(delay=options.delay / 1000, seed=options.seed, **shares)


def _every(options: argparse.Namespace, chosen: Lab, screen: bool) -> float:
    if options.every is not None:
        return float(options.every)
    return _REPEAT if screen and chosen.repeats else 0.0
