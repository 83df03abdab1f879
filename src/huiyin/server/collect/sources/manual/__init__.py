"""Voices that an agent writes down."""
