"""Tags of boards."""
