"""The product as it really runs, under load, while whatever it stands on is killed: `make chaos SEED=1 N=2000`.

Nothing that was answered with 2xx may be missing, no text may leave twice or after a stop, no promise may be nobody's. The
carrier's ledger (`tests.carrier`) and the database are the judges.
"""
