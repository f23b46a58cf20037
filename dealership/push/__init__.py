"""A person's own devices ring for what cannot wait: an offer that runs out, a promise whose hour passed.

What is sent through a browser maker's push service says nothing at all: it wakes the worker of `home_screen`, and that asks
here, as whoever is signed in, what there is to say. So no name and no word of a store ever lies with a third party, and on a
shared computer nobody reads what was meant for somebody else. Without PUSH_KEY nothing of it is there.
"""
