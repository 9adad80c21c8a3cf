"""Flows: the account's own, those that people have open, and the way to the endpoints."""
