"""Screens of the problem list."""
