"""What the area writing contributes through the hooks."""

from collections.abc import Iterable, Sequence

from niwari.context import Context
from niwari.db import Model
from niwari.host.blueprint import Blueprint
from niwari.specs import hookimpl
from niwari.specs.contributions import Label, Permission, Receipt, Record, Subject
from niwari.writing import subjects
from niwari.writing.models import MODELS
from niwari.writing.views import blueprint


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody keeps drafts of their own."""
    return [Permission("writing.drafts", Label("下書きを保存する", "Save drafts"), ("staff",))]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """Below /writing/: keeping a draft, and throwing it away."""
    return [blueprint]


@hookimpl
def models() -> Sequence[type[Model]]:
    """Drafts."""
    return MODELS


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """That there are drafts; never their words."""
    return subjects.records(subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Remove the drafts of the subject."""
    return subjects.erase(subject)
