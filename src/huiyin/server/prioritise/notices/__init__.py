"""What people who follow problems are told."""
