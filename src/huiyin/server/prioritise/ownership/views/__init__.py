"""Screens of ownership."""
