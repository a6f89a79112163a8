"""The form of a sign-in provider."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    IntegerField,
    PasswordField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from niwari.identity.providers.drafts import Draft
from niwari.identity.providers.records import Record
from niwari.pages.forms import Form, SelectChoice


class StopForm(Form):
    """What ends together with a provider that is stopped."""

    sessions = BooleanField(
        _l("この窓口でのサインインを終わらせ、サインイン中に作られた個人のAPIトークンも取り消す"),
        default=True,
    )
    system_tokens = BooleanField(
        _l("この窓口でサインインした職員が作った、市町村のAPIトークンも取り消す"), default=False
    )


class ProviderForm(Form):
    """A provider; the secret is written and never shown, empty keeps it."""

    label = StringField(
        _l("名前"),
        [
            DataRequired(_l("名前を入力してください。")),
            Length(max=100, message=_l("100文字以内で入力してください。")),
        ],
    )
    issuer = StringField(_l("発行者（issuer）"), [DataRequired(_l("発行者を入力してください。"))])
    client_id = StringField(
        _l("クライアントID"), [DataRequired(_l("クライアントIDを入力してください。"))]
    )
    secret = PasswordField(_l("クライアントシークレット"))
    login_claim = StringField(
        _l("照合に使う項目（クレーム）"),
        [DataRequired(_l("項目の名前を入力してください。例：preferred_username"))],
    )
    domains = TextAreaField(_l("メールのドメイン"))
    municipality_ids = SelectMultipleField(
        _l("使う市町村"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    system_tokens = BooleanField(
        _l("外す市町村では、この窓口でサインインした職員が作った市町村のAPIトークンも取り消す")
    )
    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @classmethod
    def of(cls, towns: Sequence[tuple[int, str, str]], before: Record | None) -> "ProviderForm":
        """Return the form for a new provider, or filled with ``before``, as it was sent or not.

        Whoever decides for one municipality alone is not asked for which.
        """
        values: dict[str, Any] = {"login_claim": "preferred_username"}
        if before is not None:
            values = {
                **{name: getattr(before, name) for name in ("label", "issuer", "client_id")},
                "login_claim": before.login_claim,
                "domains": "\n".join(before.domains),
                "municipality_ids": list(before.municipality_ids),
                "revision": before.revision,
            }
        form = cls(data=values)
        form.own_town = towns[0][0] if len(towns) == 1 else None
        if before is None or form.own_town is not None:
            del form.system_tokens
        if form.own_town is not None:
            del form.municipality_ids
        else:
            form.municipality_ids.choices = [
                SelectChoice(id_, name) for id_, name, _region in towns
            ]
        return form

    own_town: int | None = None

    @property
    def ends_system_tokens(self) -> bool:
        """Whether municipalities that are taken from the provider lose the tokens made through it."""
        return bool(self.system_tokens is not None and self.system_tokens.data)

    def draft(self) -> Draft:
        """Return what was typed into the valid form; nothing of it is checked any further."""
        chosen = (
            tuple(self.municipality_ids.data or ()) if self.own_town is None else (self.own_town,)
        )
        return Draft(
            label=self.label.data or "",
            issuer=self.issuer.data or "",
            client_id=self.client_id.data or "",
            login_claim=self.login_claim.data or "",
            domains=tuple((self.domains.data or "").replace(",", " ").split()),
            municipality_ids=chosen,
            secret=self.secret.data or None,
        )
