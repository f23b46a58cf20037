"""One part away, and what each flow then does: a cell of the table in `matrix.py`, a test a cell, a module a failure."""
