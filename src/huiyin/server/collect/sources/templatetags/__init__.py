"""Tags of the screens of sources."""
