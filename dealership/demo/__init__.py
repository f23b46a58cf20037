"""The demo as a living store: people, customers and the DMS act by a script, through the product's own functions.

    stage.py    where acts are registered: scenes (what happens), planners (a day's), watchers (what follows from rows)
    history.py  plays sixty days up to now, jumping from act to act        play.py   plays a day, as its time comes
    house.py    what the ground does: the day's plan, leaving, the DMS     customers.py   what customers answer
    made_up.py  people and cars     papers.py  what comes from outside     stores.py   two stores and their staff
    carrier.py  delivers history's texts within this process     feeds.py    drops the DMS's files

The same acts serve both. Upper packages are named by string only: each has a `demo.py` with its own acts.
"""
