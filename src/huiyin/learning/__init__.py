"""Learning from a company's own labels: train, adapt, evaluate."""
