"""The nouns that every package shares. Knows nothing but numpy: no files, no protocol rules, no language, no screen.

frames    a batch of raw frames as a capture delivers them, and what is known of the capture itself
packets   the packet table: append-only numpy columns, one row a packet
layers    one packet taken apart: layers, fields, spans, and where it broke
osi       the OSI-7 and TCP/IP-4 ladders and where a protocol stands on them
endpoint  an address and a port, and addresses as text
evidence  which packet, and which bytes in it, prove a fact
limits    every bound by name, with its default and its counter
safe      text from a packet, made harmless for a terminal
"""
