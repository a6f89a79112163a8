"""What people were told in a test: the newest last, and nobody's name where an author is hidden."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from niwari.db import database
from niwari.directory.linking import Ref
from niwari.directory.models import Appointment, Person
from niwari.notices.models import Hidden, Notice, Received


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that somebody got; ``login`` is empty for the hidden author of the row ``about``."""

    login: str
    code: str
    about: Ref | None
    values: Mapping[str, Any]


def told() -> list[Told]:
    """Return what was told so far, the oldest first."""
    database.connect(reuse_if_open=True)
    found: list[tuple[int, int, Told]] = []
    named: Any = Received.select(Received, Notice, Appointment, Person).join(Notice)
    for row in named.switch(Received).join(Appointment).join(Person):
        found.append((row.notice_id, row.id, _told(row.notice, row.appointment.person.login)))
    for row in Hidden.select(Hidden, Notice).join(Notice):
        found.append((row.notice_id, row.id, _told(row.notice, "")))
    return [one for _notice, _id, one in sorted(found, key=lambda each: each[:2])]


def _told(notice: Any, login: str) -> Told:
    about = Ref(notice.about_kind, notice.about_id) if notice.about_kind else None
    return Told(login, notice.kind, about, json.loads(notice.data))
