"""Answers that take long, kept for as long as the facts they were made from stand."""
