"""Handing the application what templates and forms ask of this area."""

from flask import Flask

from niwari.pages.help import help_with
from niwari.writing.helping import Helping
from niwari.writing.plain import plain_text
from niwari.writing.showing import markdown


def install_writing(app: Flask) -> None:
    """Let templates say ``text|markdown`` and ``text|plain(80)``, and forms keep drafts."""
    app.jinja_env.filters["markdown"] = markdown
    app.jinja_env.filters["plain"] = plain_text
    help_with(Helping())
