"""Texts in the reader's language: gettext, with the request's catalogue looked up once.

Flask-Babel looks it up anew at every text, which was a fifth of the time of a page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, cast

from babel.support import NullTranslations
from flask import g, has_app_context
from flask_babel import get_locale, get_translations
from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from werkzeug.local import LocalProxy

# A page has dozens of texts: what stands behind the proxy is asked for once for each.
_globals = cast("LocalProxy[Any]", g)
_OUTSIDE: ContextVar[tuple[str, NullTranslations]] = ContextVar(
    "text_reader", default=("ja", NullTranslations())
)


@contextmanager
def reading(language: str, catalogue: NullTranslations) -> Iterator[None]:
    """Let the texts of the block, outside of an application, be in ``language`` by ``catalogue``."""
    token = _OUTSIDE.set((language, catalogue))
    try:
        yield
    finally:
        _OUTSIDE.reset(token)


def gettext(message: str, /, **values: Any) -> str:
    """Return ``message``, a Japanese sentence, in the reader's language, with ``values`` put in."""
    text: str = _catalogue().gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, /, **values: Any) -> str:
    """Return the form for ``num``, which is also put in for ``%(num)d``."""
    text: str = _catalogue().ngettext(singular, plural, num)
    return text % {"num": num, **values}


def locale() -> str:
    """Return the reader's language, ``ja`` or ``en``; Japanese where nobody said one."""
    if not has_app_context():
        return _OUTSIDE.get()[0]
    found: str | None = g.get("text_locale")
    if found is None:
        found = g.text_locale = str(get_locale())
    return found


def _catalogue() -> Any:
    try:
        kept = _globals._get_current_object()
    except RuntimeError:  # outside of an application
        return _OUTSIDE.get()[1]
    found: Any = kept.get("text_catalogue")
    if found is None:
        found = kept.text_catalogue = get_translations()
    return found


@pass_eval_context
def _template_text(context: EvalContext, message: str, /, **values: Any) -> str:
    catalogue = _catalogue()
    text: str = _marked(catalogue, message) if context.autoescape else catalogue.gettext(message)
    return text % values if values or "%" in text else text


@lru_cache(maxsize=8192)
def _marked(catalogue: Any, message: str) -> Markup:
    """Return a text as markup: most texts of a page stand on every other, too."""
    return Markup(catalogue.gettext(message))  # noqa: S704 - our own catalogue; values are escaped


@pass_eval_context
def _template_plural(
    context: EvalContext, singular: str, plural: str, num: int, /, **values: Any
) -> str:
    text: str = _catalogue().ngettext(singular, plural, num)
    if context.autoescape:
        text = Markup(text)  # noqa: S704 - our own catalogue; the values are escaped
    return text % {"num": num, **values}


def install_texts(environment: Environment) -> None:
    """Let templates say ``_("…")`` and ``ngettext(…)``; there a % is always written %%."""
    environment.globals.update(
        {"_": _template_text, "gettext": _template_text, "ngettext": _template_plural}
    )
