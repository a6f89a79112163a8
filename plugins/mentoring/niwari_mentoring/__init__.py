"""Mutual learning among the staff of neighbouring municipalities."""
