"""HR's and the secretariat's pages of rates: which hold, setting them, ending them.

The smallest rate of region, municipality, section and person holds on each day, so that all of
these can only lower (ledger terms "rate", "cap"). Rates are basis points: 2000 are 20%.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import fn

from niwari.audit import service as audit
from niwari.context import Context
from niwari.dates.calendar_jp import LAST_YEAR
from niwari.db import locked, rows, transaction
from niwari.directory.cells import plain_login
from niwari.directory.models import Appointment, Person, Section, on_day
from niwari.directory.regions import region_towns
from niwari.directory.sections import section_name, sections_on
from niwari.errors import N_, Invalid, NotFound
from niwari.host.enablement import hold
from niwari.ledger.arranging.rate_examples import example_of
from niwari.ledger.arranging.rate_refusals import OverlappingRate, RateEnded
from niwari.ledger.errors import UnknownCalendar
from niwari.ledger.models import RateRow
from niwari.ledger.worktime import REGION_RATE, Period, PeriodKind, Rate, period_of

PAGE = 50
TOWN_LEVELS = ("municipality", "section", "person")


@dataclass(frozen=True, slots=True)
class RateShown:
    """A rate that holds or will; ``name`` is of the section or person, else empty.

    ``example`` is what a full-time post may spend in ``month`` by it and the levels above: minutes;
    ``None`` where the holidays of that month are not known.
    """

    id: int
    level: str
    name: str
    basis_points: int
    starts_on: date
    ends_on: date | None
    month: Period
    example: int | None


def rates_shown(ctx: Context, before: int | None = None) -> list[RateShown]:
    """Return what holds in the own municipality today or later, the newest first; two queries.

    At most ``PAGE``; ``before`` is the id of the last one seen. The region's is among them.
    """
    mine = _of_town(ctx) | _of_region(ctx)
    return _shown(ctx, mine, before)


def region_rates_shown(ctx: Context, before: int | None = None) -> list[RateShown]:
    """Return the rates of the acting person's region. Raises ``NotFound`` without a region."""
    _region(ctx)
    return _shown(ctx, _of_region(ctx), before)


def set_rate(
    ctx: Context,
    level: str,
    target: int | str | None,
    basis_points: int,
    starts_on: date,
    ends_on: date | None,
) -> int:
    """Lower the rate of the own municipality, a section (by id) or a person (by login); returns its id.

    Both days are included. Raises ``Invalid`` beside its field, ``NotFound`` for a section that is
    not the municipality's, and ``OverlappingRate``.
    """
    _check(ctx, basis_points, starts_on, ends_on)
    with transaction(ctx):
        hold(ctx.municipality.id)
        target_id = _target(ctx, level, target)
        return _write(ctx, level, target_id, basis_points, starts_on, ends_on)


def set_region_rate(ctx: Context, basis_points: int, starts_on: date, ends_on: date | None) -> int:
    """Lower the rate of the whole region, as its secretariat; returns its id. Raises as ``set_rate``."""
    _check(ctx, basis_points, starts_on, ends_on)
    with transaction(ctx):
        region_id = _region(ctx)
        for (town,) in sorted(
            rows(region_towns(ctx))
        ):  # in the order of ids, as all locks of towns
            hold(town)
        return _write(ctx, "region", region_id, basis_points, starts_on, ends_on)


def rate_to_end(ctx: Context, rate_id: int, *, region: bool = False) -> RateShown:
    """Return a rate that the acting person may end; raises ``NotFound``."""
    found = _shown(ctx, (RateRow.id == rate_id) & _ours(ctx, region=region), None, ended=True)
    if not found:
        raise NotFound
    return found[0]


def end_rate(ctx: Context, rate_id: int, last_day: date, *, region: bool = False) -> None:
    """Let a rate hold until ``last_day``, a Tokyo day; one that has not begun by then is taken back.

    The same day again changes nothing. Raises ``NotFound``, ``RateEnded``, and ``Invalid`` for a day
    before yesterday, which has been counted with it.
    """
    with transaction(ctx):
        hold(ctx.municipality.id)
        wanted = (RateRow.id == rate_id) & _ours(ctx, region=region)
        found = locked(RateRow.select().where(wanted)).first()
        if found is None:
            raise NotFound
        if found.ends_on == last_day:
            return
        if found.ends_on is not None and found.ends_on < ctx.today:
            raise RateEnded
        if last_day < ctx.today - timedelta(days=1):
            raise Invalid(N_("昨日か、それより後の日を入力してください。"), field="last_day")
        if found.ends_on is not None and last_day > found.ends_on:
            raise Invalid(
                N_("この割合は%(last)sまでです。それより前の日を入力してください。"),
                field="last_day",
                last=found.ends_on.isoformat(),
            )
        if last_day < found.starts_on:
            RateRow.delete().where(RateRow.id == rate_id).execute()
        else:
            RateRow.update(ends_on=last_day).where(RateRow.id == rate_id).execute()
        audit.record(
            ctx,
            "ledger.end_rate",
            found.level,
            found.target_id,
            before={"ends_on": found.ends_on.isoformat() if found.ends_on else None},
            after={"ends_on": last_day.isoformat()},
            basis_points=found.basis_points,
        )


def section_choices(ctx: Context) -> list[tuple[int, str]]:
    """Return the sections of the own municipality today, as id and path, in one query."""
    return [(one.id, one.path) for one in sections_on(ctx.municipality.id, ctx.today).values()]


def _check(ctx: Context, basis_points: int, starts_on: date, ends_on: date | None) -> None:
    if not 0 <= basis_points <= REGION_RATE:
        raise Invalid(N_("割合は0から20までの数で入力してください。"), field="percent")
    if starts_on.year > LAST_YEAR:
        raise UnknownCalendar(last=LAST_YEAR, field="starts_on")
    if starts_on < period_of(PeriodKind.MONTH, ctx.today).starts_on:
        raise Invalid(
            N_("今月の1日か、それより後の日を入力してください。前の月の割合は変えられません。"),
            field="starts_on",
        )
    if ends_on is not None and ends_on < max(starts_on, ctx.today):
        raise Invalid(
            N_("今日より前の日や、始まりの日より前の日には終えられません。"), field="ends_on"
        )


def _target(ctx: Context, level: str, target: int | str | None) -> int:
    if level == "municipality":
        return ctx.municipality.id
    if level == "section":
        if target not in sections_on(ctx.municipality.id, ctx.today):
            raise Invalid(N_("所属を選んでください。"), field="section")
        return int(target)  # type: ignore[arg-type]  # the id of a section, by the line before
    if level == "person":
        if not isinstance(target, str) or not target.strip():
            raise Invalid(N_("職員のアカウントを入力してください。"), field="login")
        return _person_of_town(ctx, target)
    raise Invalid(N_("市町村、所属、個人のどれかを選んでください。"), field="level")


def _person_of_town(ctx: Context, login: str) -> int:
    found = Person.get_or_none(
        (Person.login == plain_login(login)) & Person.id.in_(_people_of_town(ctx))
    )
    if found is None:
        raise Invalid(
            N_("%(login)s という職員は、今日、この市町村に本務がありません。"),
            field="login",
            login=login.strip(),
        )
    return int(found.id)


def _people_of_town(ctx: Context) -> Any:
    """Return who has the main post here today: whoever comes or is lent is the other town's matter."""
    return Appointment.select(Appointment.person).where(
        (Appointment.municipality == ctx.municipality.id)
        & Appointment.is_main
        & on_day(Appointment, ctx.today)
    )


def _write(
    ctx: Context, level: str, target: int, basis_points: int, starts_on: date, ends_on: date | None
) -> int:
    overlapping = (
        RateRow.select()
        .where(
            (RateRow.level == level)
            & (RateRow.target_id == target)
            & (RateRow.ends_on.is_null() | (RateRow.ends_on >= starts_on))
            & (RateRow.starts_on <= (ends_on or date.max))
        )
        .order_by(RateRow.starts_on)
        .first()
    )
    if overlapping is not None:
        same = (overlapping.starts_on, overlapping.ends_on, overlapping.basis_points)
        if same == (starts_on, ends_on, basis_points):  # the second click
            return int(overlapping.id)
        raise OverlappingRate(first=overlapping.starts_on.isoformat())
    made: int = RateRow.insert(
        level=level,
        target_id=target,
        starts_on=starts_on,
        ends_on=ends_on,
        basis_points=basis_points,
    ).execute()
    audit.record(
        ctx,
        "ledger.set_rate",
        level,
        target,
        basis_points=basis_points,
        starts_on=starts_on.isoformat(),
        ends_on=ends_on.isoformat() if ends_on else None,
    )
    return made


def _region(ctx: Context) -> int:
    if ctx.municipality.region_id is None:
        raise NotFound
    return ctx.municipality.region_id


def _ours(ctx: Context, *, region: bool) -> Any:
    return _of_region(ctx) if region else _of_town(ctx)


def _of_region(ctx: Context) -> Any:
    return (RateRow.level == "region") & (RateRow.target_id == (ctx.municipality.region_id or 0))


def _of_town(ctx: Context) -> Any:
    town = ctx.municipality.id
    sections = Section.select(Section.id).where(Section.municipality == town)
    return (
        ((RateRow.level == "municipality") & (RateRow.target_id == town))
        | ((RateRow.level == "section") & RateRow.target_id.in_(sections))
        | ((RateRow.level == "person") & RateRow.target_id.in_(_people_of_town(ctx)))
    )


def _shown(
    ctx: Context, wanted: Any, before: int | None, *, ended: bool = False
) -> list[RateShown]:
    query: Any = (
        RateRow.select(
            RateRow.id,
            RateRow.level,
            fn.COALESCE(section_name(ctx.today), Person.name, ""),
            RateRow.basis_points,
            RateRow.starts_on,
            RateRow.ends_on,
        )
        .left_outer_join(
            Section, on=(RateRow.level == "section") & (RateRow.target_id == Section.id)
        )
        .left_outer_join(
            Person,
            on=(RateRow.level == "person") & (RateRow.target_id == Person.id),
            src=RateRow,
        )
        .where(wanted)
        .order_by(RateRow.id.desc())
        .limit(PAGE)
    )
    if not ended:
        query = query.where(RateRow.ends_on.is_null() | (RateRow.ends_on >= ctx.today))
    if before is not None:
        query = query.where(RateRow.id < before)
    found = rows(query)
    return _with_examples(ctx, found) if found else []


def _with_examples(ctx: Context, found: Sequence[tuple[Any, ...]]) -> list[RateShown]:
    above: dict[str, list[Rate]] = {"region": [], "municipality": []}
    town = (RateRow.level == "municipality") & (RateRow.target_id == ctx.municipality.id)
    query = RateRow.select(
        RateRow.level, RateRow.starts_on, RateRow.ends_on, RateRow.basis_points
    ).where(town | _of_region(ctx))
    for level, *rate in rows(query):
        above[level].append(Rate(*rate))
    shown = []
    for rate_id, level, name, points, starts_on, ends_on in found:
        held = Rate(starts_on, ends_on, points)
        month, example = example_of(above, level, held, ctx.today)
        shown.append(RateShown(rate_id, level, name, points, starts_on, ends_on, month, example))
    return shown
