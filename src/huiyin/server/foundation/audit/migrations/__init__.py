"""Database changes of the audit app."""
