"""Checking: what is drawn, who answers, what is measured."""
