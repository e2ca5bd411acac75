"""Segments to connections: who opened, both endpoints' states, how it closed, what went wrong, and the bytes in order.

arithmetic    sequence numbers, which wrap
states        RFC 9293's states and the one table of transitions, applied to both endpoints
assignment    which connection each segment of a batch belongs to (numpy)
stream        one direction's bytes in order, bounded, with gaps
connection    what is known of one connection: data only
machine       one endpoint stepping through the table; steps that later packets prove or take back
conversation  segments to inputs, for both ends
receipts      what a segment tells of what its sender had received
resets        whom a RST closes
side          what one endpoint has sent: numbers, missing ranges, SYN and FIN
tracker       one connection's segments in order of the capture -> Connection
labels        how it was opened and closed, in words
history       tshark's completeness mask, Zeek's conn_state and history
series        one connection as numpy arrays per direction: numbers, windows, bytes in flight, for graphs
round_trips   round-trip times by RFC 6298 from what was sent and acknowledged
runs          segments that only go on, given to the tracker in one go
marks         the names of the analysis as bits: what tshark calls tcp.analysis
analysis      what one segment shows of loss, order and windows, given what both sides have shown
sweep         the analysis of columns of segments, batch by batch: `turns` and `view` put them together, `plain` marks
              those that go on, `walk` steps through the others, `carried` keeps what the next batch needs,
              `handshake_times` the round trips
holes         ranges that were sent and not captured
evidence      which of two segments was sent first, by timestamp and IP identification
measures      what is measured of one direction: RTT, windows, flight, acknowledgements, throughput
sent_again    why a segment was sent again

Knows neither HTTP nor the screen. Segments come in as numbers; no frame is read here.
"""
