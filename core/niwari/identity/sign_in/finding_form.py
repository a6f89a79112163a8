"""The form by which somebody finds their provider."""

from typing import Any

from flask import render_template, url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Length

from niwari.clock import tokyo_day
from niwari.errors import DomainError
from niwari.identity.sessions.web import web_session
from niwari.identity.sign_in.finding import towns_with_a_way_in, way_of_mail, ways_of
from niwari.pages.forms import Form, SelectChoice
from niwari.pages.texts import gettext as _


class FinderForm(Form):
    """A municipality or a mail address; it changes nothing, so it carries no token."""

    class Meta:
        csrf = False

    municipality = SelectField(_l("市町村"), default="")
    mail = StringField(
        _l("職場のメールアドレス"),
        [Length(max=254, message=_l("254文字以内で入力してください。"))],
    )

    def __init__(self) -> None:
        """Offer the municipalities whose people have a way in today."""
        super().__init__()
        towns = towns_with_a_way_in(tokyo_day(web_session().now))
        self.municipality.choices = [
            SelectChoice("", _("選んでください")),
            *(
                SelectChoice(
                    str(t.municipality_id),
                    t.name,
                    optgroup=t.region or _("広域圏に入っていない市町村"),
                )
                for t in towns
            ),
        ]

    def found(self) -> dict[str, Any] | None:
        """Return what was found, as parts of the sign-in page's address.

        ``None`` where that was not possible; the form says why. A mail address goes before.
        """
        if not self.validate():
            return None
        mail = (self.mail.data or "").strip()
        if not mail and not self.municipality.data:
            self.municipality.errors = [
                _("市町村を選ぶか、職場のメールアドレスを入力してください。")
            ]
            return None
        if not mail:
            town = int(self.municipality.data)
            ways = ways_of(town)
            return {"provider": ways[0].provider_id} if len(ways) == 1 else {"municipality": town}
        try:
            return {"provider": way_of_mail(mail).provider_id}
        except DomainError as error:
            self.refuse(error)
            return None


def finder_page(form: FinderForm, onward: str) -> str:
    """Render the page on which one looks for one's provider."""
    return render_template(
        "identity/find_provider.html",
        form=form,
        action=url_for("identity.find", next=onward),
        locale=str(get_locale()),
    )
