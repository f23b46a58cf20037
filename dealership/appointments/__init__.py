"""Appointments of any department, with capacity."""
