"""听: how voices come in."""
