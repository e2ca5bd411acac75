"""What Chromium makes of scripted origins: packets beside the browser's own verdicts. Knows no CORS rule.

scenarios/  the table, in TOML: what a page's script asks for, and what each origin answers
table       reads that table
plans       where the origins stand: on loopback, or on named hosts of two machines
site        answers by the table and keeps a ledger of what came
play        drives Chromium through one scenario
devtools    what Chromium reported of each load: codes, reasons, ends
truth       one scenario as a case of `truth.json`
readings    the same scenario in its other readings: what the packets alone leave open
record      `python -m netviz.lab.record --cors`

A verdict here is what a script was given or refused and the code that DevTools reported, never a rule applied to
headers.
"""
