"""What changes the taxonomy: one function a change, with its audit row in the same transaction."""
