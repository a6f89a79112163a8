"""Closing a period of a municipality: what lapses, and what arrives late."""
