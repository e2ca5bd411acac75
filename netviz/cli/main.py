"""The `netviz` command: picks what runs, and turns every error into one line and an exit status.

Imports nothing heavy: scapy, numpy and Textual are loaded by the command that needs them.
"""

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from netviz.cli.arguments import COMMANDS, REPORTS, parser
from netviz.errors import NetvizError

# numpy's linear algebra would start a thread for each processor, and each would spin for a while; netviz has none to do.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def run() -> NoReturn:
    """The command itself: runs netviz and ends the process."""
    status = main()
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    sys.stderr.flush()
    # All that was found goes back to the system at once: taking it apart object by object takes as long as some captures.
    os._exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run netviz; returns the exit status. No traceback reaches the user."""
    _spare_home()
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = parser().parse_args(_with_command(given))
    if options.command is None and not _at_terminal():
        parser().print_help()
        return 0
    if options.command is None:
        options = parser().parse_args(["open"])
    try:
        _settle(options)
        return _run(options)
    except NetvizError as error:
        return _complain(error, options)
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`): nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _spare_home() -> None:
    """Under a sudo that keeps HOME, scapy would make folders in the user's home that are root's: root has its own."""
    if not os.environ.get("SUDO_UID") or os.geteuid() != 0:
        return
    import pwd

    own = pwd.getpwuid(0).pw_dir
    for name, folder in (
        ("XDG_CACHE_HOME", ".cache"),
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_DATA_HOME", ".local/share"),
    ):
        theirs = os.path.join(os.path.expanduser("~"), folder)
        if name == "XDG_CACHE_HOME" or not os.path.isdir(theirs):
            os.environ.setdefault(name, os.path.join(own, folder))


def _at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _with_command(given: list[str]) -> list[str]:
    """`netviz FILE`, `netviz -` and `netviz -r FILE` mean `netviz open ...`."""
    if not given or given[0] in COMMANDS or given[0] in ("-h", "--help", "--version"):
        return given
    if given[0] == "-D":
        return ["interfaces", *given[1:]]
    return ["open", *given]


def _settle(options: argparse.Namespace) -> None:
    from netviz.cli.settings import settle

    known = settle(options)
    if options.command != "settings":
        for sentence in options.settings.said:
            print(f"netviz: {sentence}", file=sys.stderr)
        return
    options.known = known


def _run(options: argparse.Namespace) -> int:
    if options.command in (*REPORTS, "export", "explain", "compare", "filters"):
        return _print(options)
    if options.command in ("settings", "interfaces", "doctor"):
        return _about_this_machine(options)
    return _show(options)


def _print(options: argparse.Namespace) -> int:
    """What is printed of a capture, and of the fields that filters know."""
    if options.command in REPORTS:
        from netviz.cli.reports import report

        return report(options)
    if options.command == "export":
        from netviz.cli.exporting import export

        return export(options)
    if options.command == "explain":
        from netviz.cli.explaining import explain

        return explain(options)
    if options.command == "compare":
        from netviz.cli.comparing import compare

        return compare(options)
    from netviz.cli.filtering import list_fields

    return list_fields(options)


def _about_this_machine(options: argparse.Namespace) -> int:
    if options.command == "settings":
        from netviz.cli.settling import show_settings

        return show_settings(options)
    from netviz.cli import machine

    return machine.doctor(options) if options.command == "doctor" else machine.interfaces(options)


def _show(options: argparse.Namespace) -> int:
    """What is looked at on the screen."""
    if options.command == "open" and not (options.read or options.file) and _at_terminal():
        from netviz.cli.starting import start

        return start(options)
    if options.command == "live":
        from netviz.cli.live import live

        return live(options)
    if options.command == "lab":
        from netviz.cli.lab import lab

        return lab(options)
    if options.command == "lesson":
        from netviz.cli.lesson import lesson

        return lesson(options)
    if options.command == "replay":
        from netviz.cli.replay import replay

        return replay(options)
    from netviz.cli.opening import demo, open_file

    return demo(options) if options.command == "demo" else open_file(options)


def _complain(error: NetvizError, options: argparse.Namespace) -> int:
    from netviz.explain.words import UnknownWord, preferred_language, say

    try:
        sentence = say(f"error.{error.key}", getattr(options, "lang", None) or preferred_language(), **error.details)
    except UnknownWord:
        sentence = str(error)
    print(f"netviz: {sentence}", file=sys.stderr)
    for line in error.marked():
        print(f"  {line}", file=sys.stderr)
    return error.exit_status
