"""A plugin whose rows have hidden authors."""
