"""Conversations, messages and consent: the only door through which words reach a customer, and come back."""
