"""Messages of a broker."""
