"""Niwari: the shared workplace for the staff of neighbouring Japanese municipalities."""

__version__ = "0.1.0"
