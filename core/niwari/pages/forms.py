"""What views of the core and of plugins share: the form base and the request's context."""

from flask import g
from flask_wtf import FlaskForm

from niwari.context import Context
from niwari.errors import DomainError
from niwari.pages.texts import gettext
from niwari.pages.wording import sentence_of
from niwari.texts import is_illegible


def current_context() -> Context:
    """Return the context of the signed-in request; only pages behind the gate may ask."""
    ctx: Context | None = g.ctx
    if ctx is None:
        raise LookupError("this page is public and has no acting person")
    return ctx


class Form(FlaskForm):  # type: ignore[misc]
    """The base of every form: CSRF-protected, with a place for what a service refuses."""

    def validate(self, extra_validators: object = None) -> bool:
        """Check the fields; characters that cannot be seen are refused in all of them."""
        valid: bool = super().validate(extra_validators)
        for field in self:
            if isinstance(field.data, str) and is_illegible(field.data):
                field.errors = [
                    *field.errors,
                    gettext("使えない文字（制御文字など）が入っています。"),
                ]
                valid = False
        return valid

    def refuse(self, error: DomainError) -> None:
        """Show a service's refusal beside the field that it names, else above the form.

        What the person typed stays in the form.
        """
        sentence = sentence_of(error)
        field = self._fields.get(error.field)
        if field is None:
            self.form_errors.append(sentence)
        else:
            field.errors = [*field.errors, sentence]
