"""Where frames come from: files, pipes and interfaces, all as batches of frames. Knows no protocol and no screen.

opening        a name -> a source: which kind it is, and every way of being no capture
mapped, pipe   the two sources of stored and streamed captures
unpacked, compression   compressed captures, recognised by their bytes
recognition    which format the first bytes have
pcap, pcapng, pcapng_notes, walking   bytes -> frames and what is told about them
writer, packing   frames -> pcapng, one by one and many at a time
interface      live interfaces: one thread takes frames, the engine's thread is given batches
packet_socket, ring, listening, dumpcap, taken   the ways of taking frames off an interface, the fastest first
keeping, spill, recording   what is taken: kept on disk within bounds, and written to pcapng
interfaces, filter, privileges   what interfaces there are, capture filters, giving up what it took to open sockets
link_types     names of what a frame begins with
"""
