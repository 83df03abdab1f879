"""Reading: the inbox in, facts out. Imports nothing, because the reader process starts here."""
