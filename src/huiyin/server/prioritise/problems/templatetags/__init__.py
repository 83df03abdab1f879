"""Template tags of the problem list."""
