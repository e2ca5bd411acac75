"""Where frames come from: files, pipes and interfaces, all as batches of frames. Knows no protocol and no screen.

opening        a name -> a source: which kind it is, and every way of being no capture
mapped, pipe   the two sources of stored and streamed captures
unpacked, compression   compressed captures, recognised by their bytes
recognition    which format the first bytes have
pcap, pcapng, pcapng_notes, walking   bytes -> frames and what is told about them
writer         frames -> pcapng
interface, filter, privileges, recording   a live interface, giving up what it took to open it, and keeping a copy
link_types     names of what a frame begins with
"""
