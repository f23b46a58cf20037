"""A carrier for tests: Twilio's Messages API with its faults, in a process of its own. Its ledger is the judge of what was sent.

It knows nothing of the product: no Django, no code of ours, its own signatures. `python -m tests.carrier` starts it.
"""
