"""One packet, in depth: bytes of a frame -> layers and fields, each with its exact span. May not know other packets.

packet       `dissect(frame, link_type)`: walks from the link layer up, one layer a step
step         the nouns of that walk: a window on the frame, what a dissector says about it
tracing      scapy takes a header apart while its bytes remember where they came from; the only file that loads scapy
spelling     scapy's fields -> keys, labels and forms as the field's users know them; a table
numbers      names of the numbers in headers; a table. message_numbers: in the messages above transport
forms        bytes -> text a human reads
cursor       our own reader for messages that scapy has no spans for
link         Ethernet, tags, cooked captures, loopback, PPP, MPLS
network      IPv4, IPv6 and its extension headers
icmp         ICMP and ICMPv6, and the packets they quote
transport    TCP, UDP, SCTP, DCCP
options      the options of TCP and IP, one field each
application  which message a transport's payload is, by its bytes
dns http tls dhcp quic other    the messages
generic      protocols that scapy names and netviz has no words for
ladders      the layers on the OSI-7 and TCP/IP-4 ladders, and the sums of encapsulation
"""
