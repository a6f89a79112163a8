"""What views of the core and of plugins share: the form base and the request's context."""

from typing import Any, ClassVar

from flask import g, request, url_for
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, HiddenField, IntegerField, TextAreaField, TimeField
from wtforms.fields import SelectChoice as SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from niwari.context import Context
from niwari.errors import N_, DomainError, NotFound
from niwari.pages.help import writing_help
from niwari.pages.kept import WithList
from niwari.pages.texts import gettext
from niwari.pages.wording import sentence_of
from niwari.texts import is_illegible
from niwari.written import new_key

# What is said where a field could not read what was typed: what it takes, instead of what it is not.
_UNREADABLE: tuple[tuple[type[Field], str], ...] = (
    (DateField, N_("日にちを 2026-11-18 の形で入力してください。")),
    (TimeField, N_("時刻を 15:00 の形で入力してください。")),
    (IntegerField, N_("整数を入力してください。")),
)


def current_context() -> Context:
    """Return the context of the signed-in request; only pages behind the gate may ask."""
    ctx: Context | None = g.ctx
    if ctx is None:
        raise LookupError("this page is public and has no acting person")
    return ctx


class MarkdownField(TextAreaField):
    """A field for a longer text, which is shown by the filter ``markdown``; the page says how to write."""

    is_markdown = True


class KeyField(HiddenField):
    """The hidden field with the key of a form: another one each time the form is opened.

    The service asks ``checked_key`` of what was sent and keeps it in a unique column.
    """

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, default=new_key, **options)


class Form(FlaskForm):  # type: ignore[misc]
    """The base of every form: CSRF-protected, with a place for what a service refuses.

    A day, a time or a whole number that cannot be read is refused with one sentence that says how to
    write it. One that may be empty has the validator ``wtforms.validators.Optional()``.

    With ``drafts``, a name as ``"tea.invite"``, what was typed is kept as a draft until it is sent:
    ``ui.error_summary(form)`` offers it when the form is opened again, ``ui.writing_tools(form)``
    beside the form's button brings a preview and the button to keep it.
    """

    drafts: ClassVar[str] = ""

    def __init__(self, formdata: Any = _Auto, **given: Any) -> None:
        """Read what was sent, or ``formdata``; where a draft is to be gone on with, that."""
        self.is_continued = False
        self.help: Any = None
        if self.drafts and formdata is _Auto and not self.is_submitted():
            formdata = self._continued() or formdata
        super().__init__(formdata=formdata, **given)
        if "csrf_token" in self:
            # Every form that can be sent has its token, so the list stands in every form.
            self["csrf_token"].widget = WithList(self)

    def _continued(self) -> MultiDict[str, str] | None:
        """Return the draft where the address asks for it."""
        if request.args.get("draft") != self.drafts:
            return None
        kept = writing_help().kept(self.draft_key)
        self.is_continued = kept is not None
        return None if kept is None else MultiDict(kept.values)

    @property
    def draft_key(self) -> str:
        """Which form about which row it is, for whoever keeps drafts."""
        about = sorted((request.view_args or {}).items())
        return " ".join([self.drafts, *(f"{name}={value}" for name, value in about)])

    @property
    def kept_draft(self) -> Any:
        """The draft that is offered when the form is opened, or ``None``; one query."""
        if not self.drafts or self.is_submitted() or self.is_continued:
            return None
        return writing_help().kept(self.draft_key)

    @property
    def draft_href(self) -> str:
        """The address of the present page with the draft in its form."""
        known: dict[str, Any] = {**request.args.to_dict(), **(request.view_args or {})}
        return url_for(str(request.endpoint), **{**known, "draft": self.drafts})

    def validate(self, extra_validators: object = None) -> bool:
        """Check the fields; characters that cannot be seen are refused in all of them.

        Where a button for help was pressed nothing is checked, and nothing is sent.
        """
        if self.drafts and self.is_submitted() and writing_help().helps(self):
            return False
        valid: bool = self._is_valid(extra_validators)
        if valid and self.drafts and self.is_submitted():
            writing_help().sent(self)
        return valid

    def _is_valid(self, extra_validators: object) -> bool:
        valid: bool = super().validate(extra_validators)
        for field in self:
            # Unless a validator of the form has said it already, in words of its own.
            if set(field.process_errors) & set(field.errors):
                said = [text for kind, text in _UNREADABLE if isinstance(field, kind)]
                field.errors = [gettext(text) for text in said] or field.errors
            if isinstance(field.data, str) and is_illegible(field.data):
                field.errors = [
                    *field.errors,
                    gettext("使えない文字（制御文字など）が入っています。"),
                ]
                valid = False
        return valid

    def refuse(self, error: DomainError) -> None:
        """Show a service's refusal beside the field that it names, else above the form.

        What the person typed stays in the form. What is not there is no matter of the form:
        ``NotFound`` is raised again, so that the page answers 404.
        """
        if isinstance(error, NotFound):
            raise error
        sentence = sentence_of(error)
        field = self._fields.get(error.field)
        if field is None:
            self.form_errors.append(sentence)
        else:
            field.errors = [*field.errors, sentence]
