"""Real servers, clients and networks that make traffic to look at. Knows programs and namespaces, nothing of analysis.

requirements  what this machine must have, and a clear word where it has not
namespaces    network namespaces as machines: made, entered, taken away
networks      two machines and what lies between them: a veth pair, or a wire in user space
wire          that wire: TAP to TAP, with delay, loss and VLAN tags where a scenario wants them
tcpdump       records what passes an interface
web, names    an HTTP server and a DNS server that remember what they did; nginx  the real one, with its own log
browser       Chromium, driven through its DevTools pipe, asked what its scripts could read
story         what the programs did, written beside the capture
scenarios/    the table of scenarios
labs/         the table of labs that somebody watches live; laboratory  their shape; card  their words
keeping       a lab's life; watching  the live screen beside it; broom  sweeps up after a lab that was killed
here, route   loopback in the place of machines; three hosts in a row; line  a bad line between two
guard, paper  web servers of loopback and their pages (pages/); switchboard  the CORS headers to switch
cors/         the same browser against scripted origins, for `captures/cors`: packets and its own verdicts
tcp/          two kernels on a line that loses, repeats and forges, for `captures/tcp`: packets and both kernels' states
record        `python -m netviz.lab.record`

All traffic stays in namespaces whose names begin with `nvcap-`, and everything is taken away again, on Ctrl-C too.
A story is what kernels, servers and browsers said. No part of netviz's own analysis is asked for it.
"""
