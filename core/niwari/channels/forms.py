"""The forms of the pages about notices, made of the kinds that are there."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, RadioField

from niwari.pages.forms import Form, SelectChoice
from niwari.pages.texts import gettext as _
from niwari.specs.contributions import NoticeKind

ALL_FIELD = "all_kinds"


def field_of(code: str) -> str:
    """Return the name of the field of a kind: dots are none in HTML ids that CSS can name."""
    return "kind-" + code.replace(".", "-")


def mode_words() -> dict[str, str]:
    """Return how one can be told, in words, by mode."""
    return {
        "at_once": _("すぐにメールでも知らせる"),
        "daily": _("1日1回、まとめてメールでも知らせる"),
        "inbox": _("お知らせの画面だけに表示する"),
        "off": _("知らせない"),
    }


def choices_form(kinds: Sequence[NoticeKind], chosen: Mapping[str, str], locale: str) -> Form:
    """Return the form in which somebody chooses for each of ``kinds``."""
    options = [SelectChoice(mode, words) for mode, words in mode_words().items()]
    fields: dict[str, Any] = {
        field_of(kind.code): RadioField(kind.label.text(locale), choices=options) for kind in kinds
    }
    made = type("ChoicesForm", (Form,), fields)
    form: Form = made(data={field_of(kind.code): chosen[kind.code] for kind in kinds})
    return form


def veto_form(kinds: Sequence[NoticeKind], off: frozenset[str], locale: str) -> Form:
    """Return the form in which IT ticks what leaves by mail."""
    fields: dict[str, Any] = {ALL_FIELD: BooleanField(_("お知らせをメールで送る"))}
    fields |= {field_of(kind.code): BooleanField(kind.label.text(locale)) for kind in kinds}
    made = type("VetoForm", (Form,), fields)
    data = {field_of(kind.code): kind.code not in off for kind in kinds}
    form: Form = made(data={ALL_FIELD: "" not in off, **data})
    return form
