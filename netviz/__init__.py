"""netviz: a network protocol made visible in a terminal.

A packet travels through the folders in this order: capture, wire, tcp, http, cors, pipeline, explain, and
then report (standard output) or tui (the screen); dissect takes one packet apart on demand. Nothing is imported here,
so that `netviz --help` loads neither scapy nor textual.
"""

__version__ = "0.1.0"
