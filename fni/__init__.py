"""F&I: deal jackets from the agreed deal to the title that is out, stips, kick-backs, funding. Start at playbook.py.

Kept here are facts of presence ("proof of income is here, Faye has seen it"), never the paper: no social security number, card,
income or credit report. Words that people type go through `notes.kept` before they are written down.
"""
