"""`netviz exchanges FILE --exchange N --body response -o OUT` and `--as curl`: one thing taken out of one exchange."""

import argparse
import sys

from netviz.cli.exporting import deliver, tell
from netviz.errors import BadArgument
from netviz.pipeline.repeating import copied
from netviz.pipeline.store import Store
from netviz.report.form import json_text
from netviz.report.har import HarArchive


def take(options: argparse.Namespace, store: Store, number: int) -> int:
    """Deliver it; what could not be in it is told on standard error."""
    if options.body is not None:
        return _body(options, store, number)
    if options.copy_as == "har":
        return _entry(options, store, number)
    found = copied(store, number, options.copy_as, options.show_secrets)
    if found.text is None:
        raise BadArgument(f"no-copy-{options.copy_as}", number=number)
    deliver(options, [found.text + "\n"])
    for key in found.left_out:
        tell(f"copy.without.{key}", options)
    return 0


def _entry(options: argparse.Namespace, store: Store, number: int) -> int:
    if store.exchanges[number - 1].request is None:
        raise BadArgument("no-copy-har", number=number)
    deliver(options, [json_text(HarArchive(store, options.show_secrets, (number,)).entry(number)) + "\n"])
    return 0


def _body(options: argparse.Namespace, store: Store, number: int) -> int:
    exchange = store.exchanges[number - 1]
    message = exchange.request if options.body == "request" else exchange.response
    if message is None or not message.body_bytes:
        raise BadArgument("no-body", number=number)
    if options.out in (None, "-") and sys.stdout.isatty():
        raise BadArgument("octets-to-terminal")
    body = store.body(message, exchange.connection)
    deliver(options, [body.content])
    if body.problem:
        tell(f"http.body.{body.problem}", options)
    return 0
