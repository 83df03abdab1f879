"""New topics: what the taxonomy does not cover yet, kept by people."""
