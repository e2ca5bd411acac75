"""From evidence to verdicts: one fetch in depth, and all of a capture counted."""
