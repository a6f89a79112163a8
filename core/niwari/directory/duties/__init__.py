"""Duties (業務): the standard ones, which sections and people have them, and who shows that to whom."""
