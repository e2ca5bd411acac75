"""What the user chose on the command line, or left to a default."""

import argparse

from netviz.errors import BadArgument
from netviz.explain.words import Language, preferred_language


def file_of(options: argparse.Namespace) -> str:
    """The capture that was named, by position or with -r.

    Raises: BadArgument where none was.
    """
    name = options.read or options.file
    if not name:
        raise BadArgument("no-file")
    return str(name)


def language_of(options: argparse.Namespace) -> Language:
    """The language that was asked for, or the environment's."""
    chosen: Language = options.lang or preferred_language()
    return chosen
