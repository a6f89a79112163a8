"""What the forms of the ledger share."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import NumberRange, StopValidation

from niwari.pages.addresses import whole_number
from niwari.pages.forms import Form


class Readable:
    """Says in our words what could not be read, instead of in WTForms' and once more by the next.

    Comes before the validators that look at the value.
    """

    def __init__(self, message: Any) -> None:
        """Say ``message`` for what cannot be read."""
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        """Stop at the first where ``field`` could not read what was typed."""
        if field.process_errors:
            field.errors = []
            raise StopValidation(self.message)


MINUTES = (
    Readable(_l("長さを分で、整数で入力してください。")),
    NumberRange(min=1, max=1440, message=_l("1分以上1,440分以内で入力してください。")),
)


def chosen_id(value: Any) -> int:
    """Return the id that a list of choices sends; 0, which is nobody's, for what is no id."""
    return whole_number(str(value)) or 0


class EmptyForm(Form):
    """A form of one button: the CSRF token alone."""
