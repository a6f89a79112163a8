"""What the notices contribute through the hooks: their tables, and what they keep of people."""

from collections.abc import Iterable, Sequence

from niwari.context import Context
from niwari.db import Model
from niwari.notices import subjects
from niwari.notices.models import MODELS
from niwari.specs import hookimpl
from niwari.specs.contributions import Receipt, Record, Subject


@hookimpl
def models() -> Sequence[type[Model]]:
    """Notices, who received them, what is to be delivered, and what people chose."""
    return MODELS


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """What somebody was told, and how they want to be told."""
    return subjects.records(ctx, subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Erase the inbox and the choices; what a municipality chose remains."""
    return subjects.erase(ctx, subject)
