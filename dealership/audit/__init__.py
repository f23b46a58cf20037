"""Who saw, changed, made, exported, merged and texted what: one table that is only added to, chained by hashes, shown per record.

Owns: the entries (`models.py`), their seals (`chain.py`), what is watched in the database itself (`watched.py`, `install.sql`) and
what pages note (`middleware.py`). Start here: `watched.py` for changes, `kinds.py` for what may be opened.
"""
