"""Migrations of the voice explorer."""
