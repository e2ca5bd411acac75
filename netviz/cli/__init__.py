"""Arguments become a source, an analyzer and a front end. The only place that picks all three; imports them late."""
