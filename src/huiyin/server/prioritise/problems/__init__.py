"""问题清单: the ranked list of problems, and one page for each."""
