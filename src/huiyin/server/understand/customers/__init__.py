"""Customers: who speaks, one timeline each."""
