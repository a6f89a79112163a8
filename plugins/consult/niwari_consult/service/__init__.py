"""What one can do with questions: ``listing`` and ``thread`` read, ``posting`` writes.

``rows`` says what a question looks like to its reader; the three share it.
"""
