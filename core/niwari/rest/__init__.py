"""The REST API: what programs read and write, with tokens of people and of municipalities."""
