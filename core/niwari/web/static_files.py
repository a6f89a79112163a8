"""Static files: from memory-mapped paths before Flask, so that they cost no session and no query."""

from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask, request
from whitenoise import WhiteNoise

from niwari.web.security import security_headers


def serve_static_files(app: Flask) -> None:
    """Serve the static folders of core and plugins through WhiteNoise, with validators.

    Plugins' files lie below /<name>/static/. They hold no data and are not gated. Templates of the
    core say ``asset("niwari/mark.svg")``: a page has dozens, and ``url_for`` takes ten times as long.
    """

    def asset(name: str) -> str:
        return f"{request.script_root}{app.static_url_path}/{name}"

    app.jinja_env.globals["asset"] = asset
    security = security_headers(app.extensions["niwari"].settings)

    def add_headers(headers: Headers, _path: str, _url: str) -> None:
        for name, value in security.items():
            headers[name] = value

    server = WhiteNoise(
        app.wsgi_app, max_age=3600, allow_all_origins=False, add_headers_function=add_headers
    )
    server.add_files(str(Path(__file__).parent / "static"), prefix="static/")
    for name, blueprint in app.blueprints.items():
        if blueprint.static_folder is not None and blueprint.url_prefix:
            prefix = f"{blueprint.url_prefix.strip('/')}/static/"
            server.add_files(blueprint.static_folder, prefix=prefix)
            app.logger.debug("static files of %s below /%s", name, prefix)
    app.wsgi_app = server  # type: ignore[method-assign]
