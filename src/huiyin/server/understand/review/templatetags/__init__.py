"""Template filters of checking."""
