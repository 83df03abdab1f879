"""Tags of the explorer."""
