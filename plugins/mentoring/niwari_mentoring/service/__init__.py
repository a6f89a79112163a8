"""What one can do: ``sections`` and ``asking`` for sections, ``sheets`` for practices, the rest for pairs.

``profiles`` are what people offer and seek, ``pairs`` who asked whom, ``meetings`` and ``notes`` what
a pair has; ``leaving`` follows the directory.
"""
