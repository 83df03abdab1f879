"""Sources: where voices come from, each kind in a folder of its own."""
