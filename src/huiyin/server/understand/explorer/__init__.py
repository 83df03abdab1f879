"""Listening: find, read and correct the voices there are."""
