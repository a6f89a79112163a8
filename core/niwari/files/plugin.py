"""What the area files contributes through the hooks. It is always on."""

from collections.abc import Iterable, Sequence

from niwari.context import Context
from niwari.db import Model
from niwari.files import subjects as subjects
from niwari.files.models import MODELS
from niwari.files.views import blueprint
from niwari.host.blueprint import Blueprint
from niwari.specs import hookimpl
from niwari.specs.contributions import Label, Permission, Receipt, Record, Subject


@hookimpl
def models() -> Sequence[type[Model]]:
    """Declare the table of attachments."""
    return MODELS


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody opens files; which ones, the row says to which they belong."""
    return [
        Permission(
            "files.read",
            Label(
                "自分が見られる内容の添付ファイルを開く", "Open files attached to what one may see"
            ),
            ("staff",),
        )
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The address of a file."""
    return [blueprint]


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """Which files somebody added."""
    return subjects.records(subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Remove the files that somebody added."""
    return subjects.erase(subject)
