"""Writing people: each service validates, changes and records in one transaction."""
