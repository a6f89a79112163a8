"""Lets a Python program that starts with this folder on its path reach one address alone.

``ONLY_REACH`` is that address, host:port; ``REACHED`` is a file for each address that it turned to.
"""

import os
import sys
from pathlib import Path
from typing import Any

_ONLY = os.environ["ONLY_REACH"]
_REACHED = Path(os.environ["REACHED"])


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    # What is not a pair of host and port is a socket of this machine's files.
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host, port, *_ = arguments[1]
    with _REACHED.open("a", encoding="utf-8") as reached:
        reached.write(f"{host}:{port}\n")
    if f"{host}:{port}" != _ONLY:
        raise PermissionError(f"{host}:{port} cannot be reached from here")


sys.addaudithook(_watch)
