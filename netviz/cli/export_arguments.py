"""What may be typed after `netviz export`, and after `netviz exchanges` to take something out. Standard library only."""

import argparse

from netviz.cli.live_arguments import positive


def add_export(command: argparse.ArgumentParser) -> None:
    """Forms of `netviz export`, of which one is chosen."""
    form = command.add_mutually_exclusive_group(required=True)
    form.add_argument("--har", action="store_true", help="HTTP exchanges as an HTTP archive, version 1.2")
    form.add_argument("--csv", action="store_true", help="packets as a table of comma-separated values")
    form.add_argument("--json", action="store_true", help="packets as JSON Lines (CONTRACT: netviz packets --json)")
    form.add_argument(
        "--ladder", type=int, metavar="N", help="connection N (from 0) as a ladder of its packets, in plain text"
    )
    form.add_argument("-w", dest="write", metavar="OUT", help="packets as pcapng, `-` for standard output")
    command.add_argument("-o", dest="out", metavar="OUT", help="the file to write; default: standard output")
    command.add_argument("--force", action="store_true", help="write over a file that is there already")
    command.add_argument(
        "-Y", dest="filter", metavar="FILTER", help="only what matches a display filter (netviz filters)"
    )
    command.add_argument("--show-secrets", action="store_true", help="cookies, tokens and passwords in clear")


def add_taking(command: argparse.ArgumentParser) -> None:
    """`netviz exchanges --exchange N`, and what can be taken out of that one."""
    command.add_argument("--exchange", type=positive, metavar="N", help="only exchange N, in depth")
    taken = command.add_mutually_exclusive_group()
    taken.add_argument("--body", choices=("request", "response"), help="with --exchange: that body, decoded, to -o")
    taken.add_argument(
        "--as", dest="copy_as", choices=("curl", "fetch", "url", "har"),
        help="with --exchange: the request as a curl line, a fetch() call or a URL, or the exchange as a HAR entry",
    )  # fmt: skip
    command.add_argument("-o", dest="out", metavar="OUT", help="with --body or --as: the file to write")
    command.add_argument("--force", action="store_true", help="with -o: write over a file that is there already")


def add_key(command: argparse.ArgumentParser) -> None:
    """Where `netviz tokens` has its key from: never the command line itself, which a shell's history keeps."""
    key = command.add_mutually_exclusive_group()
    key.add_argument(
        "--key-file", metavar="FILE", help="shared secret, PEM or JWK to check signatures with; - for stdin"
    )
    key.add_argument("--ask-key", action="store_true", help="ask for the shared secret on the terminal")
