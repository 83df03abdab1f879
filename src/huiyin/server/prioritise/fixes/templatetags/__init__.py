"""Tags of fixes."""
