"""What the packets show of a fetch: its exchanges in order, the cache, the credentials, how it ended. Judges nothing."""
