"""Whether a host has confirmed what somebody recorded, where the municipality wants to know (L23)."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.context import Context
from niwari.ledger.models import Request, State
from niwari.ledger.settings import choices_of
from niwari.specs.contributions import Label

WAITING, CONFIRMED = "waiting", "confirmed"
HOST_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        WAITING: Label("主催者の確認待ち", "Waits for the host"),
        CONFIRMED: Label("主催者が確認", "Host confirmed"),
    }
)


def host_word(ctx: Context, request: Request) -> str:
    """Return ``waiting`` or ``confirmed`` for a record of what was joined; else nothing.

    Nothing too where the municipality of ``ctx``, whose request it is, does not ask its hosts.
    """
    if request.state != State.RECORDED or request.source_kind is None:
        return ""
    if request.municipality_id != ctx.municipality.id or not choices_of(ctx).host_confirmation:
        return ""
    return CONFIRMED if request.attended_at is not None else WAITING
