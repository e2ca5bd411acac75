"""HTTP/1.x from ordered bytes: messages, exchanges, heads, bodies, cookies, tokens. Knows no TCP, no ports, no screen.

Eager and cheap for all messages, as their bytes come:

start_line     is this line the start of a request or a response?
fields         what a block of header fields says about framing, without taking it apart
chunked        the chunked transfer coding, byte by byte where it must be
pairing        which response belongs to which request, also after lost packets
framing        where messages begin and end: the push parser over both directions of a connection

Deep and lazy, for the one message that somebody looks at:

head           start line and header fields with the bytes of every part
body, content  transfer and content codings undone within bounds, and what the content is
cookies, tokens, secrets, uri, status, timing   what parts of a message mean
"""
