"""The form of the search: what to look for, and how to narrow it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from niwari.context import Context
from niwari.errors import DomainError
from niwari.pages.forms import Form, SelectChoice
from niwari.pages.texts import gettext as _
from niwari.search.places import Place
from niwari.search.queries import Query, read_phrases

_LENGTHS = {"month": timedelta(days=31), "half": timedelta(days=183), "year": timedelta(days=366)}
"""How far back a period reaches from today."""


class SearchForm(Form):
    """What to look for. It comes in an address and changes nothing, so it carries no token."""

    class Meta:
        csrf = False

    q = StringField(_l("探す言葉"))
    feature = SelectField(_l("機能"), default="")
    town = SelectField(_l("市町村"), default="")
    period = SelectField(
        _l("時期"),
        default="",
        choices=[
            SelectChoice("", _l("すべての時期")),
            SelectChoice("month", _l("この1か月")),
            SelectChoice("half", _l("この半年")),
            SelectChoice("year", _l("この1年")),
        ],
    )

    def __init__(
        self, given: Any, features: Sequence[tuple[str, str]], towns: Sequence[Place]
    ) -> None:
        """Offer the ``features``, by name and label, and the ``towns`` of the region."""
        super().__init__(given)
        self._towns = {town.code: town.id for town in towns}
        self.feature.choices = [
            SelectChoice("", _("すべての機能")),
            *(SelectChoice(name, label) for name, label in features),
        ]
        self.town.choices = [
            SelectChoice("", _("すべての市町村")),
            *(SelectChoice(town.code, town.name) for town in towns),
        ]

    @property
    def text(self) -> str:
        """What was typed."""
        return (self.q.data or "").strip()

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the words was chosen."""
        return bool(self.feature.data or self.town.data or self.period.data)

    def query(self, ctx: Context) -> Query | None:
        """Return what is asked for; ``None`` where that cannot be, and the form says why."""
        if not self.validate():
            return None
        try:
            phrases = read_phrases(self.text)
        except DomainError as error:
            self.refuse(error)
            return None
        back = _LENGTHS.get(self.period.data or "")
        return Query(
            phrases,
            plugin=self.feature.data or "",
            municipality_id=self._towns.get(self.town.data or ""),
            first=ctx.today - back if back else None,
        )
