"""Records that other systems push, each signed in its own way."""
