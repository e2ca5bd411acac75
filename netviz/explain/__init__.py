"""A fact becomes a sentence, in Korean or in English. Both languages stand under one key in the .toml files here.

Knows no screen. Every sentence's details are made safe for a terminal on their way in.
"""
