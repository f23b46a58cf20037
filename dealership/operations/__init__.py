"""How the installation works, as a manager sees it: what is alive, what is silent, what waits in line, and what is parked for a person."""
