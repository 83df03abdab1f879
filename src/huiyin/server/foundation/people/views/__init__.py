"""The screens of people: thin, calling selectors and services."""
