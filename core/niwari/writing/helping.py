"""What buttons for help do: preview, people to name, keeping a draft. Each returns the same form."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import after_this_request, request
from werkzeug.wrappers import Response

from niwari.directory.search.finding import Found, search_people
from niwari.errors import DomainError
from niwari.host.rate_limits import Limit, count
from niwari.pages.addresses import whole_number
from niwari.pages.forms import current_context
from niwari.pages.kept import typed
from niwari.pages.texts import gettext
from niwari.pages.wording import sentence_of
from niwari.writing import drafts
from niwari.writing.people import people_named

BUTTON, PERSON, FIELD = "writing", "writing_person", "writing_field"
"""What help is asked for (``preview``, ``draft``, ``find``, ``name:ID``), whom, and for which field."""

MOST_PEOPLE = 8
_PREVIEWS = Limit("previews of texts", 30)


@dataclass
class Help:
    """What a form is shown with: ``preview`` are the labels and texts of its fields.

    ``people`` are those found by ``text`` for the field ``field``; ``trouble`` says why there are
    none. ``done`` and ``refused`` are sentences about what was asked for.
    """

    preview: tuple[tuple[str, str], ...] | None = None
    field: str = ""
    text: str = ""
    is_finding: bool = False
    people: tuple[Found, ...] = ()
    has_more: bool = False
    trouble: str = ""
    done: str = ""
    refused: str = ""


class Helping:
    """Gives forms the help that they ask for; see ``niwari.pages.help``."""

    def kept(self, key: str) -> drafts.KeptDraft | None:
        """Return the acting person's draft of the form ``key``."""
        return drafts.opened(current_context(), key)

    def helps(self, form: Any) -> bool:
        """Tell whether a button for help was pressed, and do what it says.

        A name in the field of the people to find counts as its button: Enter there must not send
        the form.
        """
        pressed, _, about = request.form.get(BUTTON, "").partition(":")
        if not pressed and request.form.get(PERSON, "").strip():
            pressed = "find"
        if not pressed:
            return False
        form.help = Help(field=request.form.get(FIELD, ""))
        if pressed == "preview":
            _preview(form)
        elif pressed == "draft":
            _keep(form)
        elif pressed == "find":
            _find(form)
        elif pressed == "name":
            _name(form, whole_number(about))
        after_this_request(_as_asked)
        return True

    def sent(self, form: Any) -> None:
        """Forget the draft once the request ends with another page."""
        key = form.draft_key

        def forget(response: Response) -> Response:
            if 300 <= response.status_code < 400:
                drafts.discard(current_context(), key)
            return response

        after_this_request(forget)


def _as_asked(response: Response) -> Response:
    # Views answer 422 where a form was not sent. Here nothing is wrong with it.
    if response.status_code == 422:
        response.status_code = 200
    return response


def _markdown_fields(form: Any) -> Iterator[Any]:
    return (field for field in form if getattr(field, "is_markdown", False))


def _preview(form: Any) -> None:
    ctx = current_context()
    try:
        count(_PREVIEWS, str(ctx.person_id), ctx.now)
    except DomainError as error:
        form.help.refused = sentence_of(error)
    else:
        form.help.preview = tuple(_texts(form))


def _texts(form: Any) -> Iterator[tuple[str, str]]:
    """Yield what is written into fields that take it; of one that does not, ``help`` says why."""
    for field in _markdown_fields(form):
        if not (field.data or "").strip():
            continue
        if field.validate(form):
            yield str(field.label.text), field.data
        else:
            form.help.refused = str(field.errors[0])


def _keep(form: Any) -> None:
    try:
        drafts.keep(current_context(), form.draft_key, typed(request.form))
    except DomainError as error:
        form.help.refused = sentence_of(error)
    else:
        form.help.done = gettext("下書きを保存しました。14日間、あなただけが開けます。")


def _find(form: Any) -> None:
    text = request.form.get(PERSON, "").strip()
    form.help.text, form.help.is_finding = text, True
    ctx = current_context()
    if not ctx.may("directory.read"):
        form.help.trouble = gettext("職員を探す権限がありません。")
        return
    try:
        found = search_people(ctx, text).people
    except DomainError as error:
        form.help.trouble = sentence_of(error)
        return
    people = tuple({one.person_id: one for one in found}.values())
    form.help.people, form.help.has_more = people[:MOST_PEOPLE], len(people) > MOST_PEOPLE
    if not found:
        form.help.trouble = gettext("「%(text)s」に当たる職員は見つかりませんでした。", text=text)


def _name(form: Any, person_id: int | None) -> None:
    """Write a person at the end of a field; who is not of the own region is not written."""
    fields = {field.name: field for field in _markdown_fields(form)}
    field = fields.get(form.help.field) or next(iter(fields.values()), None)
    ctx = current_context()
    wanted = [person_id] if person_id and ctx.may("directory.read") else []
    who = people_named(ctx, wanted).get(person_id or 0)
    if field is None or who is None or not who.place:
        form.help.refused = gettext("その職員の名前は入れられません。")
        return
    before = (field.data or "").rstrip(" ")
    gap = "" if not before or before.endswith("\n") else " "
    field.data = f"{before}{gap}[@{_unmarked(who.name)}](person:{person_id}) "
    form.help.done = gettext("%(name)sさんの名前を文章の最後に入れました。", name=who.name)


def _unmarked(name: str) -> str:
    """Return a name without the signs that would end a link's words."""
    return "".join(char for char in name if char not in "[]\\`*_<>")
