"""What the panels show, as lines of text: pure functions of a `Scene` and a width. No widget, no clock, no key."""
