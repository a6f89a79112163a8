"""What the pages that take files share."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import Field
from wtforms.validators import StopValidation

from niwari.directory.drafts import LARGEST_FILE
from niwari.host.blueprint import LARGEST_BODY
from niwari.pages.forms import Form

LARGEST_UPLOAD = LARGEST_FILE + LARGEST_BODY
"""Bytes of a request that sends such a file."""

LARGEST_MEGABYTES = LARGEST_FILE // 2**20
"""How large a file may be that is sent from a page, as its hint says it."""


def file_field(label: str) -> FileField:
    """Return the field of a file; a form without one is refused."""
    return FileField(label, validators=[_is_chosen])


def _is_chosen(_form: Form, field: Field) -> None:
    if not isinstance(field.data, FileStorage) or not field.data.filename:
        raise StopValidation(str(_l("ファイルを選んでください。")))
