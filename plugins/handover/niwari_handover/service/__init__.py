"""What one can do with notebooks. ``sight`` says who sees and may do what; the others lean on it.

``listing`` and ``reading`` read; ``opening``, ``duties``, ``handing``, ``checklist``, ``asking`` and
``helping`` write; ``beginning`` is what happens by the clock.
"""
