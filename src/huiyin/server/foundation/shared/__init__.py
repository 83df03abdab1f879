"""What all processes of one installation remember together for a short while: who asked how often, and Django's cache."""
