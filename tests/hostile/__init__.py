"""Feedback that attacks its readers."""
