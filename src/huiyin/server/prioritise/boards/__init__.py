"""Boards and the first page: what is shown first to each post, and boards that people make for themselves."""
