"""The screen. The only home of Textual; knows the store and the sentences, never scapy.

app       the program: keys to actions, one timer that looks how far the store has come
scene     all that a view is drawn from, in one value
moment    as of which packet, which packet is selected, which bytes are lit
playback  playing a capture at its own pace
keys      the one table of keys
theme     colours and signs
cells     text measured in cells; the last gate before the terminal
draw/     what panels show, as pure functions
widgets/  lists, panels and bars, one a file
views/    the five views
"""
