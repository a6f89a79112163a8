"""What a new plugin is called, and every name that follows from it."""

import unicodedata
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Self

from niwari import __version__
from niwari.host.discovery import installed_plugins
from niwari.host.manifest import API_VERSION, name_problem
from niwari.scaffold.refusals import CannotScaffold
from niwari.specs.contributions import Label, Verb
from niwari.texts import is_blank, is_illegible, width_of

LONGEST_LABEL = 30
"""The most columns of a label, of which a Japanese character takes two: it stands in the menu."""


@dataclass(frozen=True, slots=True)
class Naming:
    """The checked name of a new plugin, what people call it, and the verb under which it stands."""

    name: str
    label: Label
    verb: Verb

    @classmethod
    def checked(cls, name: str, *, ja: str = "", en: str = "", verb: str = Verb.HELP) -> Self:
        """Check what somebody typed; without a label the plugin is called by its name.

        Raises ``CannotScaffold`` for a name that no plugin can have or that one has already, a label
        that cannot be read or is longer than ``LONGEST_LABEL`` columns, and an unknown verb.
        """
        _check_name(name)
        if verb not in list(Verb):
            raise CannotScaffold(f"verb {verb!r} is unknown; use one of {', '.join(Verb)}")
        named = name.replace("_", " ").strip().capitalize()
        english = _checked_label(en or named, "English")
        return cls(name, Label(_checked_label(ja or english, "Japanese"), english), Verb(verb))

    @property
    def package(self) -> str:
        """The package that Python imports."""
        return f"niwari_{self.name}"

    @property
    def distribution(self) -> str:
        """The distribution that pip installs."""
        return f"niwari-{self.name.strip('_').replace('_', '-')}"

    def values(self) -> dict[str, object]:
        """Return what the templates of every kind of project know."""
        return {
            "name": self.name,
            "package": self.package,
            "distribution": self.distribution,
            "address": "/" + self.name.replace("_", "-"),
            "label_ja": self.label.ja,
            "label_en": self.label.en,
            "verb": self.verb.value,
            "api": ".".join(map(str, API_VERSION)),
            "requirement": f"niwari>={_minor(0)},<{_minor(1)}",
        }


def _check_name(name: str) -> None:
    if problem := name_problem(name):
        better = "_".join(unicodedata.normalize("NFKC", name).lower().replace("-", " ").split())
        hint = "" if better == name or name_problem(better) else f"; write it {better}"
        raise CannotScaffold(f"{problem}{hint}")
    taken = next((p for p in installed_plugins() if p.name == name), None)
    if taken is not None:
        raise CannotScaffold(
            f"name {name!r} belongs to the plugin in {taken.package}, which is installed; "
            "choose another"
        )
    if find_spec(f"niwari_{name}") is not None:
        raise CannotScaffold(
            f"name {name!r}: a package niwari_{name} is there already; choose another"
        )


def _checked_label(text: str, language: str) -> str:
    # A label that is split over lines was a slip; what cannot be seen is told.
    label = " ".join(text.split())
    if is_illegible(label) or is_blank(label):
        raise CannotScaffold(
            f"the {language} label {text!r} cannot be read; write it with letters that can be seen"
        )
    if (width := width_of(label)) > LONGEST_LABEL:
        raise CannotScaffold(
            f"the {language} label {label!r} is {width} columns wide; use {LONGEST_LABEL} at most "
            "(a Japanese character takes two)"
        )
    return label


def _minor(further: int) -> str:
    """Return the minor version of this Niwari, or one that is ``further`` ahead."""
    major, minor = __version__.split(".")[:2]
    return f"{major}.{int(minor) + further}"
