"""Lines about a fiscal year that their municipality has disposed of are refused (rule L6)."""

from collections.abc import Iterable
from datetime import date

from niwari.context import Context
from niwari.errors import N_
from niwari.host.enablement import hold
from niwari.ledger.disposing.disposed import disposed_among, may_be_disposed
from niwari.ledger.importing.people import Staff
from niwari.ledger.worktime import fiscal_year_of
from niwari.tabular import Refusals

GONE = N_("%(year)s年度の台帳は廃棄したので、取り込めません。")
GONE_SINCE = N_(
    "%(year)s年度の台帳は廃棄したので、取り込めません。廃棄していない年度の日から始めてください。"
)


def refuse_disposed(
    ctx: Context,
    lines: Iterable[tuple[int, Staff, date]],
    column: str,
    refusals: Refusals,
    sentence: str = GONE,
) -> None:
    """Refuse those lines, by number, whose Tokyo day lies in a year that is gone in the person's town.

    One query for each year that is old enough; ``sentence`` has ``year``. Whoever agrees to dispose of
    such a year in one of these towns meanwhile waits for the import, and sees what it wrote.
    """
    old = [
        (number, person.municipality_id, fiscal_year_of(day))
        for number, person, day in lines
        if may_be_disposed(ctx.today, fiscal_year_of(day))
    ]
    towns = {town for _, town, _ in old}
    for town in sorted(towns):
        hold(town)
    gone = {
        (one.municipality_id, one.year)
        for year in {year for _, _, year in old}
        for one in disposed_among(towns, year)
    }
    for number, town, year in old:
        if (town, year) in gone:
            refusals.add(number, column, sentence, year=year)
