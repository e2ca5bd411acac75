"""The rules as rows, applied to one answer: the CORS check, the preflight, and what a script may read. Knows no traffic."""
