"""成效: what was done about a problem, and whether it helped."""
