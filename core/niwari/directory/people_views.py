"""職員を探す: people of the own region by name, reading or section."""

from flask import render_template, request
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from niwari.directory.pages import blueprint
from niwari.directory.search.finding import LONGEST, Position, search_people
from niwari.errors import DomainError
from niwari.pages.forms import Form, current_context


class SearchForm(Form):
    """What to look for. It comes in an address and changes nothing, so it carries no token."""

    class Meta:
        csrf = False

    text = StringField(_l("氏名・よみがな・所属"))


@blueprint.get("/people", permission="directory.read")
def people() -> str | tuple[str, int]:
    """Find people; without a text only the form is shown."""
    form = SearchForm(request.args)
    text = (form.text.data or "").strip()
    found, status = None, 200
    if text:
        status = 422
        if form.validate():
            try:
                after = Position.read(request.args.get("after", ""))
                found, status = search_people(current_context(), text, after), 200
            except DomainError as error:
                form.refuse(error)
    page = render_template(
        "directory/people.html", form=form, found=found, text=text, longest=LONGEST
    )
    return page, status
