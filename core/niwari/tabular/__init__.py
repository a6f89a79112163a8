"""Tables from outside and for outside: CSV files and Excel books.

Pure: it knows no database. Whoever imports a file of a known form reads it with ``read_table``,
strictly, goes on checking in its own way, and collects all that is wrong in one ``Refusals``. Then
the file is imported as a whole or not at all. ``read_book`` reads a list as an office keeps it, and
``infer`` tells what its columns hold. ``write_csv`` and ``write_xlsx`` give a table out.
"""

from niwari.tabular.book import read_book
from niwari.tabular.cells import (
    Reader,
    choice_of,
    day_of,
    normalised,
    optional_day_of,
    shown,
    text_of,
)
from niwari.tabular.csv_file import csv_portions, write_csv
from niwari.tabular.days import day_in
from niwari.tabular.encoding import decode
from niwari.tabular.excel_file import TooManyRows, write_xlsx
from niwari.tabular.grid import Record, Table
from niwari.tabular.guess import Column, Guess, Kind, infer
from niwari.tabular.limits import LIMITS, Limits, UnreadableFile
from niwari.tabular.refusals import BadCell, BadLine, ImportRefused, Refusals, SpoiledColumn
from niwari.tabular.table import Readings, Row, each_row, good_lines, read_table
from niwari.tabular.values import Value

__all__ = [
    "LIMITS",
    "BadCell",
    "BadLine",
    "Column",
    "Guess",
    "ImportRefused",
    "Kind",
    "Limits",
    "Reader",
    "Readings",
    "Record",
    "Refusals",
    "Row",
    "SpoiledColumn",
    "Table",
    "TooManyRows",
    "UnreadableFile",
    "Value",
    "choice_of",
    "csv_portions",
    "day_in",
    "day_of",
    "decode",
    "each_row",
    "good_lines",
    "infer",
    "normalised",
    "optional_day_of",
    "read_book",
    "read_table",
    "shown",
    "text_of",
    "write_csv",
    "write_xlsx",
]
