"""Static files: from memory-mapped paths before Flask, so that they cost no session and no query."""

from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise


def serve_static_files(app: Flask) -> None:
    """Serve the static folders of core and plugins through WhiteNoise, with validators.

    Plugins' files lie below /static/<name>/. They hold no data and are not gated.
    """
    server = WhiteNoise(app.wsgi_app, max_age=3600)
    server.add_files(str(Path(__file__).parent / "static"), prefix="static/")
    for name, blueprint in app.blueprints.items():
        if blueprint.static_folder is not None and blueprint.url_prefix:
            prefix = f"{blueprint.url_prefix.strip('/')}/static/"
            server.add_files(blueprint.static_folder, prefix=prefix)
            app.logger.debug("static files of %s below /%s", name, prefix)
    app.wsgi_app = server  # type: ignore[method-assign]
