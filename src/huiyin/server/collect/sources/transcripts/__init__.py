"""Transcripts of calls, with their recordings."""
