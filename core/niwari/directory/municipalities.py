"""Municipalities that are merged into another one, or that get another code.

Nothing is deleted: a merged municipality ends and names its successor, a former code is kept with the
day until which it was good.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from niwari.audit import service as audit
from niwari.clock import ONE_DAY
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.directory.audience import Shared
from niwari.directory.codes import reference
from niwari.directory.events import MunicipalityMerged
from niwari.directory.models import (
    Appointment,
    FormerCode,
    Merger,
    Municipality,
    Person,
    RegionMembership,
    on_day,
)
from niwari.directory.people import municipality_ref
from niwari.directory.registered import problem_of, unknown_municipality
from niwari.directory.system import system_context
from niwari.errors import N_, Invalid
from niwari.events.service import publish
from niwari.host import enablement
from niwari.host.running import running
from niwari.host.town_state import ON

_MOST_NAMED = 5


class WrongSuccessor(Invalid):
    """A municipality cannot be merged into itself, nor into one that ended."""

    text = N_("%(name)sは合併先にできません。今ある別の市町村のコードを指定してください。")


class AlreadyEnded(Invalid):
    """The municipality was merged before."""

    text = N_("%(name)sは%(day)sまでで、すでに合併しています。")


class NotYet(Invalid):
    """The day has not come."""

    text = N_("%(day)sはまだ来ていません。その日になってから実行してください。")


class StillAppointed(Invalid):
    """People hold posts in the municipality on the day of the merger."""

    text = N_(
        "%(name)sに%(day)sの時点で所属のある職員が%(count)s人います（%(logins)s）。"
        "先に、合併後の所属を people.csv で取り込んでください。"
    )


class CodeInUse(Invalid):
    """Another municipality has, or had, the new code."""

    text = N_(
        "市町村コード %(code)s は%(name)sのものです。新しいコードを確かめてください。"
        "その市町村と合併したのなら niwari directory merge を使ってください。"
    )


class UnknownCode(Invalid):
    """The new code is not that of a municipality in the reference table; the sentence says why."""


class OtherPrefecture(Invalid):
    """The new code is that of another prefecture, where no municipality ever moves."""

    text = N_("%(code)s は%(prefecture)s%(name)sのコードです。都道府県が違うため、変えられません。")


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merger did. ``rows`` are the shared rows that now belong to the successor.

    ``withdrawn`` names the plugins whose rows stayed with the former municipality, hidden, because
    it had withdrawn them; ``off`` those that were on there and are not in the successor.
    """

    rows: int
    withdrawn: tuple[str, ...]
    off: tuple[str, ...]


def merge_municipality(ctx: Context, former_code: str, successor_code: str, on: date) -> Merged:
    """Let a municipality end, merged into another one on the Tokyo day ``on``.

    Nobody may hold a post there on that day any more: the import of the successor's people comes
    first. What its people shared belongs to the successor from then on, its settings, journal and
    audit stay under its own name. Raises ``UnknownMunicipality``, ``WrongSuccessor``,
    ``AlreadyEnded``, ``NotYet`` or ``StillAppointed``.
    """
    with transaction(ctx):
        former, successor = _both_held(former_code, successor_code)
        _check_merger(ctx, former, successor, on)
        Municipality.update(ends_on=on - ONE_DAY, successor=successor.id).where(
            Municipality.id == former.id
        ).execute()
        _note_merger(former.id, successor.id, on - ONE_DAY)
        # Those that were merged into it before: one step leads to where they belong today.
        Municipality.update(successor=successor.id).where(
            Municipality.successor == former.id
        ).execute()
        _end_membership(former.id, on)
        withdrawn, off = _features(former.id, successor.id)
        moved = _hand_over(former.id, successor.id, on, withdrawn)
        for municipality in (former, successor):
            enablement.bump_revision(municipality.id)
            audit.record(
                ctx,
                "directory.merge",
                "municipality",
                former.id,
                municipality_id=municipality.id,
                successor=successor.id,
                on=on.isoformat(),
                rows=moved,
            )
        town = municipality_ref(successor.id, ctx.today)
        publish(
            system_context(ctx.now, ctx.actor or "directory", town),
            MunicipalityMerged(former.id, successor.id, on.isoformat()),
        )
    return Merged(moved, withdrawn, off)


def rename_municipality(ctx: Context, code: str, new_code: str, on: date) -> None:
    """Give a municipality the code and name that it has from the Tokyo day ``on``.

    The name comes from the reference table. Raises ``UnknownMunicipality``, ``AlreadyEnded``,
    ``NotYet``, ``UnknownCode``, ``OtherPrefecture`` or ``CodeInUse``.
    """
    bad = problem_of(new_code)
    if bad is not None:
        raise UnknownCode(bad.text, **bad.params)
    known = reference()[new_code]
    if new_code[:2] != code[:2]:
        raise OtherPrefecture(code=new_code, name=known.name, prefecture=known.prefecture)
    with transaction(ctx):
        municipality = _held([code])[0]
        _check_day(ctx, municipality, on)
        # Back to a code that it had before: as when the first one was a slip.
        FormerCode.delete().where(
            (FormerCode.code == new_code) & (FormerCode.municipality == municipality.id)
        ).execute()
        _check_free(new_code)
        FormerCode.insert(
            code=municipality.code,
            name=municipality.name,
            municipality=municipality.id,
            ends_on=on - ONE_DAY,
        ).execute()
        Municipality.update(
            code=known.code, name=known.name, kana=known.kana, kind=known.kind
        ).where(Municipality.id == municipality.id).execute()
        enablement.bump_revision(municipality.id)
        audit.record(
            ctx,
            "directory.rename",
            "municipality",
            municipality.id,
            municipality_id=municipality.id,
            former=municipality.code,
            code=known.code,
            on=on.isoformat(),
        )


def _note_merger(former_id: int, successor_id: int, last_day: date) -> None:
    inside = rows(Merger.select(Merger.former).where(Merger.successor == former_id))
    Merger.insert_many(
        [
            {"former": id_, "successor": successor_id, "last_day": last_day}
            for id_ in (former_id, *(id_ for (id_,) in inside))
        ]
    ).execute()


def _both_held(former_code: str, successor_code: str) -> tuple[Any, Any]:
    if former_code == successor_code:
        raise WrongSuccessor(name=_held([former_code])[0].name)
    former, successor = _held([former_code, successor_code])
    return former, successor


def _held(codes: list[str]) -> list[Any]:
    """Return the municipalities of ``codes``, locked, in the order of ``codes``."""
    query = Municipality.select().where(Municipality.code.in_(codes)).order_by(Municipality.code)
    found = {row.code: row for row in locked(query)}
    for code in codes:
        if code not in found:
            raise unknown_municipality(code)
    return [found[code] for code in codes]


def _check_merger(ctx: Context, former: Any, successor: Any, on: date) -> None:
    _check_day(ctx, former, on)
    if successor.ends_on is not None:
        raise WrongSuccessor(name=successor.name)
    here = (
        Appointment.select(Person.login)
        .join(Person)
        .where(
            (Appointment.municipality == former.id)
            & (Appointment.ends_on.is_null() | (Appointment.ends_on >= on))
        )
        .distinct()
        .order_by(Person.login)
    )
    count = here.count()
    if count:
        logins = [row[0] for row in rows(here.limit(_MOST_NAMED))]
        shown = "、".join(logins) + ("…" if count > len(logins) else "")
        raise StillAppointed(name=former.name, day=on.isoformat(), count=count, logins=shown)


def _check_day(ctx: Context, municipality: Any, on: date) -> None:
    if municipality.ends_on is not None:
        raise AlreadyEnded(name=municipality.name, day=municipality.ends_on.isoformat())
    if on > ctx.today:
        raise NotYet(day=on.isoformat())


def _check_free(code: str) -> None:
    taken = Municipality.get_or_none(Municipality.code == code) or FormerCode.get_or_none(
        FormerCode.code == code
    )
    if taken is not None:
        raise CodeInUse(code=code, name=taken.name)


def _end_membership(municipality_id: int, on: date) -> None:
    last = on - ONE_DAY
    present = (RegionMembership.municipality == municipality_id) & on_day(RegionMembership, on)
    # A membership that began on that very day, or later, never came to be.
    RegionMembership.delete().where(
        (RegionMembership.municipality == municipality_id) & (RegionMembership.starts_on > last)
    ).execute()
    RegionMembership.update(ends_on=last).where(present).execute()


def _features(former_id: int, successor_id: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    there = enablement.enablements(former_id)
    here = enablement.enablements(successor_id)
    withdrawn = sorted(name for name, row in there.items() if row.withdrawn_at is not None)
    off = sorted(
        name
        for name, row in there.items()
        if row.state == ON and (name not in here or here[name].state != ON)
    )
    return tuple(withdrawn), tuple(off)


def _hand_over(former_id: int, successor_id: int, on: date, withdrawn: Iterable[str]) -> int:
    region_id = municipality_ref(successor_id, on).region_id
    moved = 0
    for plugin in running().host.optional():
        if plugin.name in set(withdrawn):
            continue
        for model in plugin.contributions.models:
            if issubclass(model, Shared):
                change = model.update(municipality=successor_id, region_id=region_id)
                moved += change.where(model.municipality == former_id).execute()
    return moved
