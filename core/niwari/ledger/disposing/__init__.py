"""Disposing of whole closed fiscal years of a municipality (廃棄, rule L6)."""
