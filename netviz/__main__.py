"""`python -m netviz`."""

from netviz.cli.main import run

run()
