"""The key that `netviz tokens` checks with: from a file or a prompt, never from the command line, which a history keeps."""

import argparse
import getpass
import sys
from typing import Final

from netviz.cli.choices import language_of
from netviz.errors import BadArgument, NetvizError
from netviz.explain.words import say
from netviz.http.signature import Key, keys_of

_LARGEST: Final = 1 << 20


def keys(options: argparse.Namespace) -> list[Key]:
    """The keys that were given; none where none were. Raises: NetvizError where they can not be read."""
    if options.ask_key:
        if not sys.stdin.isatty():
            raise BadArgument("no-key-typed")
        typed = getpass.getpass(say("token.ask", language_of(options)))
        return keys_of(typed.encode())
    if options.key_file is None:
        return []
    try:
        if options.key_file == "-":
            return keys_of(sys.stdin.buffer.read(_LARGEST))
        with open(options.key_file, "rb") as file:
            return keys_of(file.read(_LARGEST))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise NetvizError("key-file", file=options.key_file, reason=reason) from None
