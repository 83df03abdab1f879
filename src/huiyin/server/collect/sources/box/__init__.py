"""A box for suggestions, behind a QR code."""
