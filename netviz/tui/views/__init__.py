"""The five views, one a file: which panels stand where, and what each draws."""
