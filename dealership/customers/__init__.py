"""Customers of a store, how they are reached, how twins are avoided, their story."""
