"""What a post has whose author may be hidden: its columns, and what it says of its author."""

from typing import Any

from peewee import CharField, DateField, ForeignKeyField, TextField

from niwari.context import Context
from niwari.db import PluginModel
from niwari.directory.linking import Ref
from niwari.directory.models import Appointment
from niwari.host.checks.data import KIND
from niwari.notices.outbox import notify, notify_hidden
from niwari.pages.texts import gettext
from niwari.specs.contributions import Label


class HidesAuthor(PluginModel):
    """The columns of a post that people write with their name or without it.

    ``author`` is the post in which it was written, null where that is hidden or was erased.
    ``hidden_on`` is the day on which a post without a name was published, null for all others; it
    stays when the author is erased, and with it that nobody may see where the post comes from.
    ``envelope`` is sealed for ``key``, the key of the form that was sent. ``alias_letter`` is the letter
    of its author, the same in one thread and meaningless outside of it.
    """

    author: Any = ForeignKeyField(Appointment, backref="+", null=True)
    author_id: int | None
    key: Any = CharField(max_length=36, unique=True)
    envelope: Any = TextField(default="")
    alias_letter: Any = CharField(max_length=3, default="")
    hidden_on: Any = DateField(null=True)

    @property
    def is_hidden(self) -> bool:
        """Whether it was written without a name."""
        return self.hidden_on is not None

    @property
    def sealed(self) -> tuple[str, str] | None:
        """The envelope with the value for which it was sealed, as ``Resource.envelope`` wants it.

        ``None`` for a post with a name; the envelope is empty where the hidden author was erased.
        """
        return (self.envelope, self.key) if self.hidden_on is not None else None


def kind_of(model: Any) -> str:
    """Return the kind under which rows of ``model`` are declared; raises ``LookupError``."""
    kind: str = getattr(model._meta, KIND, "")
    if not kind:
        raise LookupError(f"{model.__name__} is the model of no Resource and of no Part")
    return kind


def hidden_name(alias: str) -> str:
    """Return what readers see in place of the name of a hidden author: 匿名の職員A."""
    return gettext("匿名の職員%(alias)s", alias=alias)


def tell_author(
    ctx: Context, code: str, row: Any, about: Ref | None = None, /, **values: str | int | Label
) -> None:
    """Tell whoever wrote ``row``, a row of ``HidesAuthor``, what happened: by name or by envelope.

    In the caller's transaction, as ``notify`` and ``notify_hidden``. ``about`` is where the notice of a
    named author leads, without it to the row itself; that of a hidden one always leads there, as by the
    row alone its author is found. Nobody is told where the author was erased.
    """
    own = Ref(kind_of(type(row)), row.id)
    if row.hidden_on is None:
        if row.author_id is not None:
            notify(ctx, code, [row.author_id], about or own, **values)
    elif row.envelope:
        notify_hidden(ctx, code, row.envelope, own, sealed_for=row.key, **values)
