"""Dates of leave, worked out from rules and forgotten: nothing here reads or writes a database.

``arithmetic`` counts days, ``packs`` reads the rules, ``checking`` says what is wrong with them,
``planning`` applies them to a birth, ``drawing`` and ``calendar_file`` show the result.
"""
