"""What HR arranged for a municipality that every page asks for: its kind of period, its freeze.

The tables say it (``PeriodChoice``, ``Freeze``). Beside them stands one short text among the
municipality's settings, written anew in the transaction of each act, because those come with the
revision and cost no query while it stands (rules L13, L23).
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from niwari.context import MunicipalityRef
from niwari.db import rows
from niwari.host.enablement import bump_revision
from niwari.host.models import MunicipalitySetting
from niwari.host.town_state import state_of
from niwari.ledger.models import Freeze, PeriodChoice
from niwari.ledger.worktime import Period, PeriodKind, period_of

_AREA, _KEY = "ledger", "arranged"


@dataclass(frozen=True, slots=True)
class FrozenSince:
    """A freeze that is not lifted: 20% time from the instant ``from_at`` on rests (rule L13)."""

    id: int
    from_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Arranged:
    """What a revision stands for here: the kinds of period, the latest first, and the freeze."""

    kinds: tuple[tuple[date, PeriodKind], ...] = ()
    freeze: FrozenSince | None = None


def period_for(municipality: MunicipalityRef, day: date) -> Period:
    """Return the period of a municipality that a day belongs to; no query while its revision stands.

    The account of a person who has one already on that day keeps its days (``accounts``).
    """
    return period_of(kind_on(municipality, day), day)


def kind_on(municipality: MunicipalityRef, day: date) -> PeriodKind:
    """Return the kind of period that holds on ``day``: the calendar month where HR chose none (L23)."""
    for starts_on, kind in arranged(municipality).kinds:
        if starts_on <= day:
            return kind
    return PeriodKind.MONTH


def freeze_of(municipality: MunicipalityRef) -> FrozenSince | None:
    """Return the freeze that holds in a municipality; no query while its revision stands."""
    return arranged(municipality).freeze


def arranged(municipality: MunicipalityRef) -> Arranged:
    """Return what is arranged in a municipality as of its revision."""
    settings = state_of(municipality.id, municipality.revision).settings.get(_AREA, {})
    return _read(settings.get(_KEY, ""))


def arrange(municipality_id: int) -> None:
    """Write what the tables say now beside the settings, in the caller's transaction.

    Whoever changes a row of them calls it, and holds the municipality (``hold``). The revision grows.
    """
    choices = rows(
        PeriodChoice.select(PeriodChoice.starts_on, PeriodChoice.kind)
        .where(PeriodChoice.municipality == municipality_id)
        .order_by(PeriodChoice.starts_on.desc())
    )
    holding = rows(
        Freeze.select(Freeze.id, Freeze.from_at, Freeze.reason).where(
            (Freeze.municipality == municipality_id) & Freeze.lifted_at.is_null()
        )
    )
    data: dict[str, Any] = {
        "kinds": [[day.isoformat(), kind] for day, kind in choices],
        "freeze": [[number, at.isoformat(), why] for number, at, why in holding],
    }
    # A text that holds a text: what is kept by key is read as JSON before it gets here.
    value = json.dumps(json.dumps(data, ensure_ascii=False), ensure_ascii=False)
    MunicipalitySetting.insert(
        municipality_id=municipality_id, plugin=_AREA, key=_KEY, value=value
    ).on_conflict(
        conflict_target=[
            MunicipalitySetting.municipality_id,
            MunicipalitySetting.plugin,
            MunicipalitySetting.key,
        ],
        update={"value": value},
    ).execute()
    bump_revision(municipality_id)


@lru_cache(maxsize=4096)
def _read(text: str) -> Arranged:
    if not text:
        return Arranged()
    data = json.loads(text)
    return Arranged(
        kinds=tuple((date.fromisoformat(day), PeriodKind(kind)) for day, kind in data["kinds"]),
        freeze=next(
            (FrozenSince(i, datetime.fromisoformat(at), why) for i, at, why in data["freeze"]), None
        ),
    )
