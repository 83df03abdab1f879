"""Writes of ownership: the map, and the claims."""
