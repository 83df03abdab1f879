"""One semantic layer: what each number is called, means and is made of, and the one place that makes it."""
