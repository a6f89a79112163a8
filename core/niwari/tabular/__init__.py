"""CSV files from outside: read strictly, every bad line named with its reason.

Pure: it knows no database. Whoever imports a file reads it with ``read_table``, goes on checking in
its own way, and collects all that is wrong in one ``Refusals``. Then the file is imported as a
whole or not at all.
"""

from niwari.tabular.cells import (
    Reader,
    choice_of,
    day_of,
    normalised,
    optional_day_of,
    shown,
    text_of,
)
from niwari.tabular.encoding import decode
from niwari.tabular.refusals import BadCell, BadLine, ImportRefused, Refusals
from niwari.tabular.table import Row, read_table

__all__ = [
    "BadCell",
    "BadLine",
    "ImportRefused",
    "Reader",
    "Refusals",
    "Row",
    "choice_of",
    "day_of",
    "decode",
    "normalised",
    "optional_day_of",
    "read_table",
    "shown",
    "text_of",
]
