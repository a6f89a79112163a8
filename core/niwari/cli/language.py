"""In which language a command tells what a rule of the domain says: Japanese, or English."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from importlib import resources

from babel.support import NullTranslations, Translations

from niwari.config import ConfigError
from niwari.context import Context, MunicipalityRef
from niwari.directory.system import INSTALLATION, system_context
from niwari.pages.texts import gettext, reading
from niwari.pages.wording import is_english
from niwari.tabular import BadLine

_LANGUAGES = ("ja", "en")
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of(environ: Mapping[str, str]) -> str:
    """Return ``ja`` or ``en``: what NIWARI_LOCALE says, else English where the locale is, else Japanese.

    Of the locale's variables the first that is set counts, as it does for other programs. Raises
    ``ConfigError``.
    """
    wanted = environ.get("NIWARI_LOCALE", "")
    if wanted and wanted not in _LANGUAGES:
        raise ConfigError(f"NIWARI_LOCALE: {wanted!r} is unknown; use one of ja, en")
    locale = next(filter(None, (environ.get(name) for name in _LOCALE)), "")
    return wanted or ("en" if locale.startswith("en") else "ja")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let the sentences of the block be in ``language``."""
    catalogue: NullTranslations = NullTranslations()
    if language != "ja":  # the sentences themselves are Japanese
        with resources.as_file(resources.files("niwari").joinpath("translations")) as folder:
            catalogue = Translations.load(str(folder), [language])
    with reading(language, catalogue):
        yield


def command_context(
    now: datetime, actor: str, municipality: MunicipalityRef = INSTALLATION
) -> Context:
    """Return the context of ``system_context``, with the language of the process."""
    return replace(system_context(now, actor, municipality), locale="en" if is_english() else "ja")


def reason_of(bad: BadLine) -> str:
    """Return what is wrong with a line, in the language of the process."""
    return gettext(bad.text, **bad.params)
