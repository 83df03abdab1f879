"""Tags of the screens of operations."""
