"""懂: what they say."""
