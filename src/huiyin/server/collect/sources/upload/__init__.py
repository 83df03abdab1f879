"""Files that a person hands in."""
