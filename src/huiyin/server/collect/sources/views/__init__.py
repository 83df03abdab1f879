"""Screens of sources."""
