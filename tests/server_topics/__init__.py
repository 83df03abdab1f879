"""New topics: grown, kept, edited; edits survive."""
