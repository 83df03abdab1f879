"""The inbox: every record as it came in, kept before anybody is told that it arrived."""
