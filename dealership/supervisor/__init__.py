"""Starts, watches and stops what the product runs on, on one machine: `python3 -m dealership.supervisor`.

Owns: the virtual environment, the PostgreSQL and the Valkey that come as wheels, and the product's own
processes.
Start here: `run.py` (`make run`), `servers.py` (the servers of a test run), `process.py` (how a child
lives and ends).
Boundary: standard library only and no Django, because it runs before anything is installed.
Common confusion: this is for development, the demo and the tests. Production has docker-compose.yml or
systemd.
"""
