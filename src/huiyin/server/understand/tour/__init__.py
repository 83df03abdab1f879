"""导览: the first steps of whoever is new, each ticked once it was done for real."""
