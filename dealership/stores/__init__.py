"""Stores (rooftops) of a group: time zone, opening hours per department, holidays."""
