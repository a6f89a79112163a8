"""What HR and the secretariat do to rates: set them, and end them.

The smallest rate of region, municipality, section and person holds on each day, so that all of
these can only lower (ledger terms "rate", "cap"). Rates are basis points: 2000 are 20%.
"""

from datetime import date, timedelta

from niwari.audit import service as audit
from niwari.context import Context
from niwari.dates.calendar_jp import LAST_YEAR
from niwari.db import locked, rows, transaction
from niwari.directory.cells import plain_login
from niwari.directory.models import Person
from niwari.directory.regions import region_towns
from niwari.directory.sections import sections_on
from niwari.errors import N_, Invalid, NotFound
from niwari.host.enablement import hold
from niwari.ledger.arranging.rate_refusals import OverlappingRate, RateEnded, RateGone
from niwari.ledger.arranging.rates_shown import is_ours, people_of_town, region_of
from niwari.ledger.errors import UnknownCalendar
from niwari.ledger.models import RateRow
from niwari.ledger.worktime import REGION_RATE, PeriodKind, period_of

TOWN_LEVELS = ("municipality", "section", "person")


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
        region_id = region_of(ctx)
        for (town,) in sorted(
            rows(region_towns(ctx))
        ):  # in the order of ids, as all locks of towns
            hold(town)
        return _write(ctx, "region", region_id, basis_points, starts_on, ends_on)


def end_rate(ctx: Context, rate_id: int, last_day: date, *, region: bool = False) -> None:
    """Let a rate hold until ``last_day``, a Tokyo day; one that has not begun by then is taken back.

    The same day again changes nothing. Raises ``NotFound``, ``RateGone`` for one taken back already, as
    by a double click, ``RateEnded``, and ``Invalid`` for a day before yesterday, which has been counted
    with it.
    """
    with transaction(ctx):
        hold(ctx.municipality.id)
        wanted = (RateRow.id == rate_id) & is_ours(ctx, region=region)
        found = locked(RateRow.select().where(wanted)).first()
        if found is None:
            raise NotFound if RateRow.select().where(RateRow.id == rate_id).exists() else RateGone
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
        here = sections_on(ctx.municipality.id, ctx.today)
        if not isinstance(target, int) or target not in here:
            raise Invalid(N_("所属を選んでください。"), field="section")
        return target
    if level == "person":
        if not isinstance(target, str) or not target.strip():
            raise Invalid(N_("職員のアカウントを入力してください。"), field="login")
        return _person_of_town(ctx, target)
    raise Invalid(N_("市町村、所属、個人のどれかを選んでください。"), field="level")


def _person_of_town(ctx: Context, login: str) -> int:
    found = Person.get_or_none(
        (Person.login == plain_login(login)) & Person.id.in_(people_of_town(ctx))
    )
    if found is None:
        raise Invalid(
            N_("%(login)s という職員は、今日、この市町村に本務がありません。"),
            field="login",
            login=login.strip(),
        )
    return int(found.id)


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
