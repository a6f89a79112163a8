"""What every command would otherwise wait for."""

import subprocess
import sys

import pytest

START = """
import sys
import niwari.cli.main
from niwari.app import load_host

load_host()
print(*sorted({"PIL", "holidays", "icalendar", "openpyxl", "xlsxwriter"} & set(sys.modules)))
"""


@pytest.mark.slow
def test_what_few_commands_need_is_not_imported_at_a_start() -> None:
    started = subprocess.run(
        [sys.executable, "-c", START], capture_output=True, text=True, check=True
    )
    assert started.stdout.split() == []
