"""The field of a form that takes files: as many as a row may have, with a description of each picture.

It needs no script. What was sent once is kept, also where the form comes back for another reason: it
stands in the field with a look at it, and is never asked for again.
"""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import Field
from wtforms.form import BaseForm
from wtforms.validators import StopValidation
from wtforms.widgets import FileInput

from niwari.context import Context
from niwari.errors import DomainError
from niwari.files.errors import TooManyFiles
from niwari.files.kinds import ACCEPTED, NAMES
from niwari.files.models import Attachment
from niwari.files.service import size_text
from niwari.files.storage import limits, storage
from niwari.files.uploads import (
    LONGEST_ALT,
    NewFile,
    Uploads,
    check_alt,
    drafts_of,
    drop_drafts,
    holders_of,
    keep_draft,
)
from niwari.pages.addresses import whole_number
from niwari.pages.forms import current_context
from niwari.pages.texts import gettext
from niwari.pages.wording import sentence_of

_LOOK = 320
_MOST_IDS = 100


@dataclass(slots=True)
class Draft:
    """A file of the form that was sent before; ``error`` is what its description lacks."""

    row: Attachment
    alt: str = ""
    error: str = ""

    @property
    def id(self) -> int:
        """Its number, by which the form names it again."""
        number: int = self.row.id
        return number

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.row.name)

    @property
    def size_text(self) -> str:
        """Its size as 12KB or 1.2MB."""
        return size_text(self.row.size)

    @property
    def is_picture(self) -> bool:
        """Whether it needs a description."""
        return self.row.width is not None

    @property
    def look(self) -> str:
        """A small picture of it as the address of an image; it has no address of its own yet."""
        small = str(_LOOK) in self.row.thumbs.split(",")
        try:
            with storage().open(f"{self.row.file}.{_LOOK}" if small else self.row.file) as file:
                data = b64encode(file.read()).decode("ascii")
        except FileNotFoundError:
            return ""
        return f"data:{'image/webp' if small else self.row.media_type};base64,{data}"


class AttachmentsField(Field):
    """Files for ``attach``; ``data`` is their ``Uploads`` once the form was found valid.

    Call it ``files``, so that refusals of ``attach`` stand beside it. The form has a hidden field
    ``form_key``, the route that it is sent to ``attachments=True``, and the form's tag
    ``enctype="multipart/form-data"``. ``{{ ui.field(form.files) }}`` draws all of it.
    """

    widget = FileInput(multiple=True)
    accepted = ACCEPTED
    longest_alt = LONGEST_ALT

    def __init__(self, label: Any = None, *, key: str = "form_key", **options: Any) -> None:
        """``key`` names the form's hidden field that is another one each time the form is opened."""
        super().__init__(label, **options)
        self._key = key
        self.drafts: list[Draft] = []
        self.new_alt = ""
        self._sent: list[FileStorage] = []
        self._again: dict[int, str] = {}
        self._dropped: set[int] = set()

    @property
    def hint(self) -> str:
        """What may be sent, in a sentence."""
        return gettext(
            "%(types)sを%(count)d個まで付けられます。大きさは、1つ%(size)dMBまでです。写真の撮影場所などの情報は、自動で消します。",
            types=NAMES,
            count=limits().row,
            size=limits().file // 2**20,
        )

    @property
    def own_errors(self) -> list[str]:
        """What is wrong, but for what stands beside the file that it is about."""
        beside = {draft.error for draft in self.drafts}
        return [text for text in self.errors if text not in beside]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take from the request what belongs to the field; nothing is read or stored yet."""
        self.process_errors = []
        self.data = Uploads()
        if formdata is None:
            return
        files = formdata.getlist(self.name)
        if any(isinstance(one, str) and one for one in files):
            raise RuntimeError(
                f"{self.name}: the form sends names instead of files; "
                'write enctype="multipart/form-data" into its tag'
            )
        self._sent = [one for one in files if isinstance(one, FileStorage) and one.filename]
        self.new_alt = formdata.get(f"{self.name}-alt", "")
        for text in formdata.getlist(f"{self.name}-kept")[:_MOST_IDS]:
            if (id_ := whole_number(text)) is not None:
                self._again[id_] = formdata.get(f"{self.name}-alt-{id_}", "")
                if formdata.get(f"{self.name}-drop-{id_}"):
                    self._dropped.add(id_)

    def pre_validate(self, form: BaseForm) -> None:
        """Check and store what was sent, and say of each file what is wrong with it."""
        ctx, key = current_context(), str(form[self._key].data or "")
        self._take_again(ctx, key)
        self.errors = [*self.errors, *self._take_new(ctx, key)]
        self._check_alts()
        self.data = Uploads(
            tuple((draft.id, draft.alt) for draft in self.drafts),
            holders_of(ctx, key) if self.drafts else (),
        )
        if self.errors:
            raise StopValidation

    def _take_again(self, ctx: Context, key: str) -> None:
        rows = drafts_of(ctx, key, list(self._again))
        dropped = [row for row in rows if row.id in self._dropped]
        if dropped:
            drop_drafts(ctx, dropped)
        self.drafts = [
            Draft(row, " ".join(self._again[row.id].split()))
            for row in rows
            if row.id not in self._dropped
        ]

    def _take_new(self, ctx: Context, key: str) -> Iterator[str]:
        """Store the new files; yields what is said of those that are not taken."""
        alt = " ".join(self.new_alt.split())
        if alt and not self._sent:
            yield gettext("説明だけが書かれています。写真を選ぶか、説明を消してください。")
        for one in self._sent:
            if len(self.drafts) >= limits().row:
                yield sentence_of(TooManyFiles(limit=limits().row))
                return
            try:
                row = keep_draft(ctx, key, NewFile(one.filename or "", one.stream))
            except DomainError as error:
                yield sentence_of(error)
                continue
            if row.id in {draft.id for draft in self.drafts}:
                continue
            # What was typed beside the files is said of the first picture, and stands there again.
            described = alt if row.width is not None else ""
            self.drafts.append(Draft(row, described))
            alt = "" if described else alt
        self.new_alt = alt

    def _check_alts(self) -> None:
        for draft in self.drafts:
            if draft.is_picture:
                try:
                    check_alt(draft.name, draft.alt)
                except DomainError as error:
                    draft.error = sentence_of(error)
                    self.errors = [*self.errors, draft.error]
