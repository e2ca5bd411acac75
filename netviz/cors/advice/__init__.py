"""Beside the verdict: what will break later, neighbours of CORS, and what the server would have to answer."""
