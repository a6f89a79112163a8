"""Forms made from declared settings."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, IntegerField, RadioField, StringField
from wtforms import TextAreaField as LongTextField
from wtforms.validators import InputRequired, Length, NumberRange

from niwari.pages.forms import Form, SelectChoice
from niwari.specs.contributions.settings import Setting, Value

_LINE = 120
"""A text that may be longer than a line gets a field of several lines."""


def settings_form(settings: Sequence[Setting], values: Mapping[str, Value], locale: str) -> Form:
    """Return the form of the given settings, filled with ``values``, as it was sent or not."""
    fields = {setting.key: _field(setting, locale) for setting in settings}
    made = type("SettingsForm", (Form,), fields)
    form: Form = made(data={setting.key: values[setting.key] for setting in settings})
    return form


def typed_values(form: Any, settings: Sequence[Setting]) -> dict[str, Value]:
    """Return what was typed into a valid form, as values of the settings."""
    found: dict[str, Value] = {}
    for setting in settings:
        data = form[setting.key].data
        found[setting.key] = (data or "") if setting.kind in ("text", "choice") else data
    return found


def _field(setting: Setting, locale: str) -> Field:
    label = setting.label.text(locale)
    least, most = setting.bounds
    if setting.kind == "yes_no":
        return BooleanField(label)
    if setting.kind == "choice":
        choices = [SelectChoice(c.value, c.label.text(locale)) for c in setting.choices]
        return RadioField(label, choices=choices)
    if setting.kind == "number":
        said = _l("%(least)dから%(most)dまでの整数を入力してください。", least=least, most=most)
        limits = NumberRange(least, most, message=said)
        needed = InputRequired(_l("整数を入力してください。"))
        return IntegerField(label, [needed, limits])
    said = _l("%(most)d文字以内で入力してください。", most=most)
    if least:
        said = _l("%(least)d文字以上%(most)d文字以内で入力してください。", least=least, most=most)
    limit = Length(least or 0, -1 if most is None else most, message=said)
    kind = StringField if (most or 0) <= _LINE else LongTextField
    return kind(label, [limit])
