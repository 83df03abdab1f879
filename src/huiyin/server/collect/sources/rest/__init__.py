"""Records that another system sends to the REST interface."""
