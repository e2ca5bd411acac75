"""`netviz explain FILE N`: one packet's encapsulation as nested boxes, or every field with its place in bytes."""

import argparse

from rich.console import Console

from netviz.capture.opening import open_capture
from netviz.cli.choices import language_of
from netviz.errors import BadArgument
from netviz.pipeline.analyzer import Analyzer
from netviz.pipeline.dissecting import dissected
from netviz.report import fields
from netviz.report.boxes import boxes
from netviz.report.form import json_text


def explain(options: argparse.Namespace) -> int:
    """Print one packet; reads the capture only as far as that packet."""
    source = open_capture(options.file)
    analyzer = Analyzer(source.info)
    for batch in source.batches():
        analyzer.feed(batch)
        if len(analyzer.store.packets) >= options.number:
            break
    analyzer.finish()
    store, row = analyzer.store, options.number - 1
    if row >= len(store.packets):
        raise BadArgument("no-such-packet", number=options.number, count=len(store.packets))
    found = dissected(store, row)
    if options.json:
        print(json_text(fields.document(found, options.number)))
        return 0
    if options.fields:
        listing = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
        for line in fields.text(found, options.number, language_of(options)):
            listing.print(line)
        return 0
    console = Console(highlight=False, markup=False, emoji=False)
    for line in boxes(found, options.number, language_of(options), console.width, ascii_only=options.ascii):
        console.print(line, overflow="crop", no_wrap=True)
    return 0
