"""What the pages that take files and give them share."""

from collections.abc import Iterator

from flask import Response
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import Field
from wtforms.validators import StopValidation

from niwari.directory.drafts import LARGEST_FILE
from niwari.pages.forms import Form

LARGEST_MEGABYTES = LARGEST_FILE // 2**20
"""How large a file may be that is sent from a page, as its hint says it."""


def file_field(label: str) -> FileField:
    """Return the field of a file; a form without one is refused."""
    return FileField(label, validators=[_is_chosen])


def attached(content: bytes | Iterator[bytes], name: str, kind: str = "text/csv") -> Response:
    """Return the answer that gives a text file, in UTF-8, to be kept under ``name``."""
    answer = Response(content, content_type=f"{kind}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _is_chosen(_form: Form, field: Field) -> None:
    if not isinstance(field.data, FileStorage) or not field.data.filename:
        raise StopValidation(str(_l("ファイルを選んでください。")))
