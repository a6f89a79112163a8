"""What gunicorn serves in test_workers_agree: Niwari, telling which process answers, and held up.

Before a process works on a request it writes its id to the pipe ``SERVED_BY`` and waits for the one
byte of the request's body. So a test knows that each of its requests lies with another process.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

from niwari import wsgi

_TELL = int(os.environ["SERVED_BY"])


def application() -> Callable[..., Iterable[bytes]]:
    """Make the application, as ``niwari serve`` lets gunicorn do."""
    niwari = wsgi.application()

    def held(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        os.write(_TELL, b"%d\n" % os.getpid())
        environ["wsgi.input"].read(1)
        return niwari(environ, start_response)

    return held
