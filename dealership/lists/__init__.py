"""Lists: what every page of rows has in common. Filter, sort, columns, page size and place stand in the address.

Owns: how a list is asked (`shape`, `asking`), the views that people keep (`saved`), acts on all that match, with their undo (`bulk`).
Start here: `shape.Shape`, which a page declares; `asking.read()` and `page.turn()`, which its view calls.
Boundaries: knows no list by itself. Rows come from the page's own scoped queryset, and acts are its own domain functions.
"""
