"""People who work at a store: roles, teams, shifts, absences, who is next, who may see what."""
