"""Putting a notice into words for a municipality as a whole, as things are when it leaves."""

import json
from dataclasses import asdict
from datetime import datetime

from niwari.channels.channel import Away, Letter
from niwari.channels.webhooks.bodies import Told
from niwari.clock import tokyo_day, tokyo_wall_time
from niwari.context import Context, MunicipalityRef
from niwari.directory.linking import Ref, linked
from niwari.directory.people import municipality_ref
from niwari.host.enablement import active
from niwari.host.running import running
from niwari.identity.roles.mapping import town_permissions
from niwari.keyring import keyring
from niwari.notices.kinds import is_away, kind_of, owner_of, sentence_of
from niwari.notices.models import Delivery, Notice


class TownComposer:
    """Writes what the webhooks of one installation are sent."""

    def __init__(self, base_url: str) -> None:
        """Lead to pages below ``base_url``."""
        self._base = base_url.rstrip("/")

    def webhook(self, delivery: Delivery, now: datetime) -> Letter | None:
        """Return what is sent of ``delivery``; ``None`` where the town is not to be told any more.

        The plugin is off there, or the row is gone or not for everybody in the town: what one
        section or some roles alone may open is not told to all. Raises ``Away`` where its plugin is
        gone or not ready.
        """
        notice, town_id = Notice.get_by_id(delivery.notice_id), delivery.municipality_id
        if town_id is None:
            return None
        town = municipality_ref(town_id, tokyo_day(now))
        if is_away(notice.kind) or is_away(notice.about_kind):
            raise Away
        kind = kind_of(notice.kind)
        if kind is None or not kind.to_chat:
            return None
        owner = owner_of(kind)
        if not (running().host.plugins[owner].core or active(town, owner)):
            return None
        title = ""
        if notice.about_kind:
            ref = Ref(notice.about_kind, notice.about_id)
            link = linked(_as_any_of_staff(town, now), [ref])[ref]
            if not link.is_open:
                return None
            title = link.title
        number = delivery.id.to_bytes(8, "big")
        told = Told(
            keyring().names("notices.webhook", number)[-1][:32],
            kind.code,
            sentence_of(kind, notice.data, title, "ja"),
            f"{self._base}/notices/told/{notice.id}"
            if notice.about_kind
            else f"{self._base}/notices/",
            tokyo_wall_time(notice.at).isoformat(timespec="seconds"),
            town.code,
        )
        return Letter(delivery.id, told.id, str(town_id), "", json.dumps(asdict(told)))


def _as_any_of_staff(town: MunicipalityRef, now: datetime) -> Context:
    """Return a context that sees what each of a town's people sees, whatever their section and role."""
    permissions = town_permissions(running().host.permissions(), town, ["staff"])
    return Context(town, None, now, permissions=permissions, actor="channels")
