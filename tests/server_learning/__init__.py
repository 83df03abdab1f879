"""Learning: a model that corrections have taught, from the first click to the way back."""
