"""TCP between two real kernels, with what the kernels themselves say of their sockets' states beside each capture.

frame       a TCP frame read, changed and forged
line        the wire between the two: delay, loss, copies, late and forged frames; records what passes its middle
witness     the kernel's own transitions (tracepoint sock:inet_sock_set_state) and the sockets left at the end
stage       two machines, their sockets, recorders at both ends and in the middle
scenarios   what is played
record      plays them and stores captures with truth.json
"""
