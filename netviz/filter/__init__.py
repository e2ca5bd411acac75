"""The display filter: a text becomes an expression, an expression becomes the rows of the packets that match it.

Field names are Wireshark's where Wireshark has the field. Knows no screen, no language and no clock.
"""
