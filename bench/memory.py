"""Import the file of the second argument into the database of the first; print the peak in MB."""

import re
import resource
import sys
from pathlib import Path

from bench.importing import import_file
from niwari.db import connection, open_database


def main(url: str, file: str) -> None:
    """Print the highest resident memory of this process."""
    open_database(url)
    with connection():
        import_file(Path(file))
    print(peak())


def peak() -> float:
    """Return the highest resident memory of this process so far, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # There the number of getrusage begins with that of the process that started this one.
        found = re.search(r"VmHWM:\s+([0-9]+) kB", status.read_text())
        assert found is not None
        return int(found[1]) / 1024
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    main(*sys.argv[1:])
