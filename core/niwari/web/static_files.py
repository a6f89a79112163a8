"""Static files: from memory-mapped paths before Flask, so that they cost no session and no query."""

from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask, request
from whitenoise import WhiteNoise

from niwari.web.security import security_headers
from niwari.web.style_sheets import PARTS, Joined

_MAX_AGE = 3600
_OWN = Path(__file__).parent / "static"


def serve_static_files(app: Flask) -> None:
    """Serve the static folders of core and plugins through WhiteNoise, with validators.

    Plugins' files lie below /<name>/static/. They hold no data and are not gated. The style sheets of
    every page come as one, ``all.css``. Templates of the core say ``asset("niwari/mark.svg")``, as
    ``url_for`` takes ten times as long.
    """

    def asset(name: str) -> str:
        return f"{request.script_root}{app.static_url_path}/{name}"

    app.jinja_env.globals["asset"] = asset
    security = security_headers(app.extensions["niwari"].settings)

    def add_headers(headers: Headers, _path: str, _url: str) -> None:
        for name, value in security.items():
            headers[name] = value

    server = WhiteNoise(
        app.wsgi_app, max_age=_MAX_AGE, allow_all_origins=False, add_headers_function=add_headers
    )
    server.add_files(str(_OWN), prefix="static/")
    server.files[f"{app.static_url_path}/niwari/all.css"] = Joined(
        [_OWN / "niwari" / f"{part}.css" for part in PARTS],
        {"Cache-Control": f"max-age={_MAX_AGE}, public", **security},
    )
    for name, blueprint in app.blueprints.items():
        if blueprint.static_folder is not None and blueprint.url_prefix:
            prefix = f"{blueprint.url_prefix.strip('/')}/static/"
            server.add_files(blueprint.static_folder, prefix=prefix)
            app.logger.debug("static files of %s below /%s", name, prefix)
    app.wsgi_app = server  # type: ignore[method-assign]
