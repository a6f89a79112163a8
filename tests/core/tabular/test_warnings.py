"""What the parser underneath warns of is nobody's concern, and no other thread notices."""

import io
import subprocess
import sys
import warnings
from typing import Any
from zipfile import ZipFile

from niwari.tabular import Limits, read_book

LINES = [("品名", "数量"), ("机", 3)]
DECORATED = b"""
<extLst><ext uri="{00000000-0000-0000-0000-000000000000}" xmlns:x="x"/></extLst></worksheet>"""
QUIETLY = """
import sys
from niwari.tabular import read_book
print(read_book(sys.stdin.buffer.read()).columns)
"""


def test_a_decoration_that_nobody_knows_is_not_spoken_of(make_book: Any, repack: Any) -> None:
    book = make_book(LINES)
    with ZipFile(io.BytesIO(book)) as archive:
        part = archive.read("xl/worksheets/sheet1.xml")
    decorated = repack(
        book, {"xl/worksheets/sheet1.xml": part.replace(b"</worksheet>", DECORATED.strip())}
    )
    done = subprocess.run([sys.executable, "-c", QUIETLY], input=decorated, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_reading_leaves_the_warnings_of_other_threads_alone(make_book: Any) -> None:
    seen = []

    class Watching(Limits):
        """Looks at the filters of the process each time that the reader asks for a limit."""

        def __getattribute__(self, name: str) -> Any:
            seen.append(warnings.filters)
            return super().__getattribute__(name)

    before = warnings.filters
    read_book(make_book(LINES), limits=Watching())
    assert len(seen) > 3
    assert all(filters is before for filters in seen)
