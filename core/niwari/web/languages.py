"""Japanese and English: the reader's choice, and one merged catalogue of core and plugins."""

from pathlib import Path

from flask import Flask, g, request
from flask_babel import Babel

from niwari.host.registry import Host
from niwari.pages.texts import install_texts

LOCALES = ("ja", "en")
LOCALE_COOKIE = "niwari_locale"


def chosen_locale() -> str:
    """Return the locale of the present request: the cookie's, else Japanese."""
    wanted = request.cookies.get(LOCALE_COOKIE, "ja") if request else "ja"
    return wanted if wanted in LOCALES else "ja"


def install_languages(app: Flask, host: Host) -> None:
    """Let gettext look into the core's catalogue and those of all loaded plugins.

    The msgid is the Japanese sentence, so Japanese needs no catalogue of its own.
    """
    folders = [Path(__file__).parent.parent / "translations"]
    for plugin in host.loaded():
        if not plugin.core and plugin.module is not None and plugin.module.__file__:
            folders.append(Path(plugin.module.__file__).parent / "translations")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(str(f) for f in folders if f.is_dir())

    def locale() -> str:
        return getattr(g, "locale", None) or chosen_locale()

    Babel(
        app,
        default_locale="ja",
        default_timezone="Asia/Tokyo",
        locale_selector=locale,
    )
    install_texts(app.jinja_env)
