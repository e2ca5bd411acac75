"""The store on standard output: readable text with rich, and the JSON that scripts may rely on. Never loads Textual.

Each part of the contract has a file with two doors: `document(store)` gives what is printed as JSON, `text(store,
language)` gives what a person reads.
"""
