"""Checking: people judge what the machine read, one voice at a time."""
