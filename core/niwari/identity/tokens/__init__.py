"""API tokens of people and municipalities."""
