"""Vehicles by VIN and who owned them when."""
