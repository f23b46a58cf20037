"""What the database itself holds to, whoever asks it: whose row is it, and that a row and its parent are of one store.

Owns: the constraints that tie rows of one store (`ties.py`).
Start here: `upkeep.py`, which brings every table to what its model needs after each `migrate`; nothing is written per table.
"""
