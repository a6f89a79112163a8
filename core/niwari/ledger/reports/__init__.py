"""Statements and reports; none of them lists people by what they use (rule L14)."""
