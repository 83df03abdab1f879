"""Screens of the taxonomy."""
