"""Who changed what, when: rows that are only ever added, each sealed over the one before."""
