"""Calls the steps in order and keeps what they found: `Analyzer.feed(batch)`, and the `Store` that everything is read from.

Has no clock, no threads and no language. A saved file, a pipe and a live interface all come through here.
"""
