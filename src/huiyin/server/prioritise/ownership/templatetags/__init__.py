"""Tags of the screens of ownership."""
