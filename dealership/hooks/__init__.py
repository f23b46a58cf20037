"""Other systems of a store's (a warehouse, a BI tool, the DMS partner) are called when something becomes true here.

A **hook** says where, and of which kinds of facts. A **call** is one fact that one hook is told; the database writes it in the fact's
own transaction (`told.sql`, by a trigger on the log of facts and one on the acts of promises), so nothing that commits is forgotten and
nothing that does not is told. `delivery.py` makes the calls one by one outside of any transaction, in line as `dealership.line` says;
`egress.py` decides where a call may go at all. What receivers are promised stands in docs/webhooks.md.
"""
