"""The pieces of the screen, one a file. Given a `Scene`, they answer with messages; none reaches for another."""
