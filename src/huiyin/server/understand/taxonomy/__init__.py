"""The taxonomy of the company: edited as a draft, tried over history, published as a version."""
