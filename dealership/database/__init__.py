"""What the database itself holds to, whoever asks it: whose row is seen, and that a row and its parent are of one store.

Owns: the connection that tells which stores are seen (`base.py`), row security (`policies.py`), keys within one store
(`ties.py`), the role the product runs as (`role.py`), what databases of an earlier day lack (`between.py`).
Start here: `upkeep.py`, which brings every table to what its model needs after each `migrate`; nothing is written per table.
Boundary: what is seen is decided above, by `dealership.sight`.
Common confusion: tests speak as the product's role and see all stores, but a page asked for in a test sees its own.
"""
