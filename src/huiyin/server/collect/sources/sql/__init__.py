"""Records from another system's database."""
