"""What views of the core and of plugins share: the form base and the request's context."""

from flask import g
from flask_wtf import FlaskForm
from wtforms import DateField, Field, IntegerField, TimeField
from wtforms.fields import SelectChoice as SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from niwari.context import Context
from niwari.errors import N_, DomainError, NotFound
from niwari.pages.texts import gettext
from niwari.pages.wording import sentence_of
from niwari.texts import is_illegible

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


class Form(FlaskForm):  # type: ignore[misc]
    """The base of every form: CSRF-protected, with a place for what a service refuses.

    A day, a time or a whole number that cannot be read is refused with one sentence that says how to
    write it. One that may be empty has the validator ``wtforms.validators.Optional()``.
    """

    def validate(self, extra_validators: object = None) -> bool:
        """Check the fields; characters that cannot be seen are refused in all of them."""
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
