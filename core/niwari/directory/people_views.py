"""職員を探す: people of the own region by name, reading or section."""

from flask import render_template, request
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from niwari.directory.pages import blueprint
from niwari.directory.search.finding import LONGEST, People, Position, search_people
from niwari.errors import DomainError
from niwari.pages.forms import Form, current_context


class SearchForm(Form):
    """What to look for. It comes in an address and changes nothing, so it carries no token."""

    class Meta:
        csrf = False

    text = StringField(_l("氏名・よみがな・所属"))


@blueprint.get("/people", permission="directory.read")
def people() -> tuple[str, int]:
    """Find people; without a text only the form is shown."""
    form = SearchForm(request.args)
    found = found_by(form)
    page = render_template(
        "directory/people.html",
        form=form,
        found=found,
        text=(form.text.data or "").strip(),
        longest=LONGEST,
    )
    return page, 422 if form.errors else 200


def found_by(form: SearchForm) -> People | None:
    """Return the people whom the text of ``form`` finds, from the address's ``after`` on.

    ``None`` where there is no text, or none that can be looked for: then the form says why.
    """
    text = (form.text.data or "").strip()
    if not text or not form.validate():
        return None
    try:
        return search_people(current_context(), text, Position.read(request.args.get("after", "")))
    except DomainError as error:
        form.refuse(error)
        return None
