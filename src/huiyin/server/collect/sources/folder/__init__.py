"""Files that another system puts into a folder."""
