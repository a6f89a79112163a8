"""Reading the forms of a page and filling them in, as a person in a hurry would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

WORD, NUMBER = "あ", "1"
HELP = "writing_"
MULTIPART = "multipart/form-data"
_FIRST_DAY, _FIRST_HOUR = 20, 10
_TYPED = {"number": NUMBER, "email": "a@example.jp"}
_NUMERIC = ("numeric", "decimal")
_NOT_SENT = ("submit", "button", "image", "reset", "file")


@dataclass
class PageForm:
    """A form that posts: where to, and what is sent when it is filled in with the least.

    ``hidden`` is the part of it that nobody types: the form's token, its key and the like. ``draft`` is
    under what it keeps drafts, empty where it keeps none; ``is_around`` whether another form stands
    inside, which no browser reads so. ``is_multipart`` says how a browser would send it.
    """

    action: str
    data: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)
    draft: str = ""
    is_around: bool = False
    is_multipart: bool = False
    _rising: int = 0

    def typed(self, kind: str, least: str) -> str:
        """Return what is typed into a field; of several days or times a later one is later."""
        if kind not in ("date", "time"):
            return least or _TYPED.get(kind, WORD)
        self._rising += 1
        if kind == "date":
            return max(least, f"2026-11-{min(_FIRST_DAY + self._rising - 1, 30)}")
        return f"{min(_FIRST_HOUR + self._rising - 1, 23)}:00"


def posting_forms(html: str, page: str) -> list[PageForm]:
    """Return the forms of ``html`` that post; one without an action posts to ``page``."""
    reader = _Reader(page)
    reader.feed(html)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._page = page
        self._form: PageForm | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            if self._form is not None:
                self._form.is_around = True
            self._form = None
            if given.get("method", "").lower() == "post":
                self._form = PageForm(given.get("action") or self._page)
                self._form.is_multipart = given.get("enctype") == MULTIPART
                self.forms.append(self._form)
        elif self._form is not None:
            self._fill(self._form, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""

    def _fill(self, form: PageForm, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text").lower()
        form.draft = given.get("data-draft-key") or form.draft
        if name.startswith(HELP):
            return  # what helps with writing sends nothing
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if given.get("value") and not form.data.get(self._select):
                form.data[self._select] = given["value"]
        elif tag == "textarea" and name:
            form.data[name] = WORD
        elif tag == "input" and name and kind not in _NOT_SENT:
            if kind == "hidden":
                form.hidden[name] = given.get("value", "")
            if kind in ("radio", "checkbox"):
                form.data.setdefault(name, given.get("value", "y"))
            else:
                sample = given.get("value") or given.get("data-sample")
                mode = "number" if given.get("inputmode") in _NUMERIC else kind
                # An empty sample is one: the field is left out by who fills in the least.
                left_out = given.get("data-sample") == ""
                typed = "" if left_out else form.typed(mode, given.get("min", ""))
                form.data[name] = sample or typed
