"""Desks: what takes place on days and recurs, for trying the calendar."""
