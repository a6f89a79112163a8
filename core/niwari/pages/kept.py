"""Which fields of a form are given back to whoever typed into them, wherever the form ends."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from wtforms import (
    BooleanField,
    Field,
    FileField,
    HiddenField,
    MultipleFileField,
    PasswordField,
    SubmitField,
)
from wtforms.csrf.core import CSRFTokenField
from wtforms.fields.choices import SelectFieldBase
from wtforms.widgets import HiddenInput

LIST = "kept_fields"
"""The hidden field in which a form says which of its fields may be given back."""

TEXT, CHOICE, HIDDEN = "text", "choice", "hidden"

MOST = 100
_NEVER = (CSRFTokenField, FileField, MultipleFileField, PasswordField, SubmitField)


class NotKept:
    """A mark among a field's validators: what is typed there is given back on no page of an error.

    Passwords and files are not either, without the mark.
    """

    field_flags = {"not_kept": True}

    def __call__(self, form: Any, field: Field) -> None:
        """Refuse nothing."""


@dataclass(frozen=True, slots=True)
class KeptField:
    """A field as it was sent; ``kind`` is ``TEXT``, ``CHOICE`` or ``HIDDEN``."""

    name: str
    label: str
    kind: str
    values: tuple[str, ...]


class WithList(HiddenInput):
    """The hidden field of a form's token, followed by the list of what may be given back."""

    def __init__(self, form: Iterable[Field]) -> None:
        """List the fields of ``form``."""
        super().__init__()
        self._form = form

    def __call__(self, field: Field, **attributes: Any) -> Markup:
        """Return both."""
        names = Markup('<input type="hidden" name="{}" value="{}">').format(
            LIST, list_of(self._form)
        )
        return Markup(super().__call__(field, **attributes)) + names  # noqa: S704 - WTForms' own


def list_of(form: Iterable[Field]) -> str:
    """Return names, labels and kinds of the fields of ``form`` that may be given back, as JSON."""
    kept = (field for field in form if may_be_kept(field))
    return json.dumps([[f.name, str(f.label.text), kind_of(f)] for f in kept], ensure_ascii=False)


def kind_of(field: Field) -> str:
    """Return whether people type into a field, choose in it, or do not see it."""
    if isinstance(field, HiddenField):
        return HIDDEN
    return CHOICE if isinstance(field, (SelectFieldBase, BooleanField)) else TEXT


def may_be_kept(field: Field) -> bool:
    """Tell whether what is in a field may be given back."""
    return not isinstance(field, _NEVER) and not field.flags.not_kept


def sent_fields(sent: Any) -> tuple[KeptField, ...]:
    """Return the fields in ``sent``, a ``MultiDict``, that its form lets be given back.

    A form that lists none gives back none. What is no such list is none.
    """
    try:
        listed = [map(str, entry) for entry in json.loads(sent.get(LIST, "[]"))[:MOST]]
        known = {name: (label, kind) for name, label, kind in listed}
    except (ValueError, TypeError, RecursionError):
        return ()
    return tuple(
        KeptField(name, label, kind, tuple(sent.getlist(name)))
        for name, (label, kind) in known.items()
        if name in sent and name != "csrf_token"
    )


def typed(sent: Any) -> dict[str, list[str]]:
    """Return what was typed and chosen in the fields of ``sent`` that people see, by name."""
    return {field.name: list(field.values) for field in sent_fields(sent) if field.kind != HIDDEN}
