"""Consult 相談: ask, answer and accept across municipalities (R-010, R-013, R-052)."""
