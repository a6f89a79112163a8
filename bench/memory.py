"""Import the file of the second argument into the database of the first; print the peak in MB."""

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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))


if __name__ == "__main__":
    main(*sys.argv[1:])
