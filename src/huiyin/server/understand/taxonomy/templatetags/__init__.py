"""Filters of the taxonomy's templates."""
