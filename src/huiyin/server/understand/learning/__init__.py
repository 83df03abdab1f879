"""Learning: corrections teach the reader. Imports nothing, because the training process starts here."""
