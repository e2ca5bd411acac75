"""Raw frames to numbers: bytes in, columns out, vectorised. Knows no meaning, no screen, no file.

decode       the columns of a batch, from its bytes alone
fragments    IP fragments put together
flows        which packets belong together, and who sent each
options      the options of one TCP segment
dns          one DNS message in one line
unwrapping   where each packet stands while its headers are taken off, by link, network, transport and application
gather       the bytes of many frames at once
"""
