"""What one can do with notebooks. ``sight`` says who sees and may do what; the others lean on it.

``listing``, ``reading``, ``comparing`` and ``progress`` read; ``opening``, ``duties``, ``handing``,
``checklist``, ``asking`` and ``helping`` write; ``beginning`` is what happens by the clock, ``passing``
lets a post pass, ``moving`` follows its holder, ``disposing`` removes what was kept long enough.
"""
