"""Whether a host has confirmed what somebody recorded, where the municipality wants to know (L23)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

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


def waits_for_host(ctx: Context) -> Any:
    """Return the condition that a host has not confirmed the record of a ``Request`` of the municipality.

    As ``host_word`` tells of one: none where the municipality does not ask its hosts.
    """
    if not choices_of(ctx).host_confirmation:
        return Request.id.is_null()
    joined = (Request.state == State.RECORDED) & Request.source_kind.is_null(False)
    return joined & Request.attended_at.is_null()
