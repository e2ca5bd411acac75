"""CORS from exchanges: what the browser decided about each fetch, by which rule, header and packet.

`judge.py` is the entrance. Knows HTTP heads and their evidence; knows no packets but by their numbers, no language.
"""
