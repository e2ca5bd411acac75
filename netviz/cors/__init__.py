"""CORS from exchanges: what the browser decided about each fetch, by which rule, header and packet.

    request/   what a request says: origin, mode, safelisted or not
    answer/    the rules, and what one response says to them
    evidence/  what the packets show of a fetch: its exchanges in order, the cache, the credentials, how it ended
    decision/  verdicts; `judge.py` is the entrance
    advice/    what will break later, neighbours of CORS, what the server would have to answer

A folder knows those above it in this list; advice knows no decision, and decision no advice. Knows HTTP heads and their
evidence; knows no packets but by their numbers, no language.
"""
