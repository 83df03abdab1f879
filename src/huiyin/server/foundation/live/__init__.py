"""News: events that leave on commit, to other stages in this process and to browsers."""
