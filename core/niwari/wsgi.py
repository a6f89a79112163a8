"""The WSGI application of the installation in ``NIWARI_HOME``, for any WSGI server."""

import os

from flask import Flask

from niwari.app import create_app
from niwari.config import load_settings
from niwari.dates.calendar_jp import japan
from niwari.installation import home


def application() -> Flask:
    """Make the application; a server calls it once in each process."""
    os.umask(0o077)  # what the installation writes is for its own account alone
    app = create_app(load_settings(home()))
    japan()  # else the first visitor of each process waits until holidays are imported
    return app
