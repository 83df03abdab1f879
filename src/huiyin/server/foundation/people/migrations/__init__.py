"""Database changes of the people app."""
