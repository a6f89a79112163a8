"""How requests are answered: how long it takes, what was refused or called off, what came late."""

from niwari.context import Context
from niwari.db import is_postgresql
from niwari.ledger.deciding.confirming import TO_CONFIRM
from niwari.ledger.deciding.revoking import DEFAULT_REASON
from niwari.ledger.models import State
from niwari.ledger.reports.description import HIDDEN, Cell, Column, Report, Row, Table
from niwari.ledger.reports.groups import Groups, groups_of
from niwari.ledger.reports.sums import Sums, fetched, levels, summed
from niwari.ledger.reports.suppression import LEAST, Key, Line
from niwari.ledger.reports.words import ALL, PEOPLE, year_label
from niwari.ledger.worktime import Period
from niwari.specs.contributions import Label

NAME = "answers"
TITLE = Label("了承までの時間と答え", "How requests are answered")

_OUTCOMES = {
    "agreed": Label("了承", "OK"),
    "declined": Label("今回は見送り", "Not this time"),
    "returned": Label("相談して直す", "To discuss"),
    "duty": Label("業務都合による取りやめ", "Called off for duty"),
    "revoked": Label("ほかの理由の取りやめ", "Called off for another reason"),
    "other": Label("そのほか", "Other"),
}
_FLAGS = {
    "after": Label("うち事後", "Of them after the fact"),
    "oral": Label("うち口頭（未確認）", "Of them oral, not confirmed"),
    "beyond": Label("うち追加分（未確認）", "Of them longer than the OK, not confirmed"),
}
_SHARES = (
    Label("事後の割合", "Share after the fact"),
    Label("未確認の割合", "Share not confirmed"),
    Label("未確認の追加分の割合", "Share longer than the OK, not confirmed"),
)

# One row of ``work`` is a person's requests of one kind; how many they are is what is summed.
_WORK = """
WITH grouped(section_id, grp) AS ({values}), work AS (
  SELECT r.person_id, COALESCE(g.grp, 0) AS grp,
         CASE WHEN r.state IN ('agreed', 'partly_agreed', 'recorded') THEN 'agreed'
              WHEN r.state IN ('declined', 'returned') THEN r.state
              WHEN r.state = 'revoked' AND r.ended_reason IN ('', '{reason}') THEN 'duty'
              WHEN r.state = 'revoked' THEN 'revoked'
              ELSE 'other' END AS outcome,
         CASE WHEN r.after_fact THEN 1 ELSE 0 END AS after_fact,
         CASE WHEN r.oral_answer = 'waiting' AND r.state IN ({waiting}) THEN 1 ELSE 0 END AS oral,
         CASE WHEN s.id IS NOT NULL THEN 1 ELSE 0 END AS beyond,
         COUNT(*) AS minutes
    FROM ledger_request r
    LEFT JOIN grouped g ON g.section_id = r.section_id
    LEFT JOIN ledger_supplement s
      ON s.request_id = r.id AND s.state = 'pending' AND s.taken_back_at IS NULL
   WHERE r.municipality_id = ? AND r.work_date BETWEEN ? AND ? AND r.travel_for_id IS NULL
   GROUP BY 1, 2, 3, 4, 5, 6
)
"""
_LEVELS = levels(
    ("cell", "grp", "outcome"),
    ("grp", "grp"),
    ("outcome", "outcome"),
    ("after", "grp", "after_fact"),
    ("oral", "grp", "oral"),
    ("beyond", "grp", "beyond"),
    ("after_all", "after_fact"),
    ("oral_all", "oral"),
    ("beyond_all", "beyond"),
    ("all",),
)
_OVER_CAP = """
SELECT COUNT(DISTINCT person_id), COUNT(*) FROM ledger_account
 WHERE municipality_id = ? AND starts_on BETWEEN ? AND ? AND used + reserved > cap
"""
_LEAD = """
WITH grouped(section_id, grp) AS ({values}), waits AS (
  SELECT COALESCE(g.grp, 0) AS grp, r.person_id, {minutes} AS waited
    FROM ledger_request r
    LEFT JOIN grouped g ON g.section_id = r.section_id
   WHERE r.municipality_id = ? AND r.work_date BETWEEN ? AND ? AND r.travel_for_id IS NULL
     AND r.agreed_minutes IS NOT NULL AND {ok} IS NOT NULL
     AND NOT r.after_fact AND COALESCE(r.oral_answer, '') <> 'denied'
), ranked AS (
  SELECT grp, person_id, waited,
         ROW_NUMBER() OVER (PARTITION BY grp ORDER BY waited) AS place,
         COUNT(*) OVER (PARTITION BY grp) AS requests,
         ROW_NUMBER() OVER (ORDER BY waited) AS place_of_all, COUNT(*) OVER () AS all_requests
    FROM waits
)
SELECT grp, COUNT(DISTINCT person_id),
       AVG(CASE WHEN place IN ((requests + 1) / 2, (requests + 2) / 2) THEN waited END)
  FROM ranked GROUP BY grp
UNION ALL
SELECT -1, COUNT(DISTINCT person_id),
       AVG(CASE WHEN place_of_all IN ((all_requests + 1) / 2, (all_requests + 2) / 2)
                THEN waited END)
  FROM ranked HAVING COUNT(*) > 0
"""
# The wait ends with the first OK: an oral one when somebody said yes, not when it was confirmed, and
# what a new head agreed to anew after a transfer when the former did. Before asking is no wait.
_FIRST_OK = """(SELECT MIN(j.posted_at) FROM ledger_journal_entry j
                 WHERE j.request_id = r.id AND j.kind = 'agreement')"""
_OK = f"COALESCE(r.oral_at, {_FIRST_OK}, r.decided_at)"
_MINUTES = f"MAX((julianday({_OK}) - julianday(r.requested_at)) * 1440, 0)"
_MINUTES_POSTGRESQL = f"GREATEST(EXTRACT(EPOCH FROM ({_OK} - r.requested_at)) / 60, 0)"
_STILL_WAITING = (*TO_CONFIRM, State.LAPSED)


def answers(ctx: Context, year: Period) -> Report:
    """Return how requests for days of a fiscal year were answered, by groups of sections.

    Counts of requests, and the median of the time from asking to the OK, in hours as they pass on
    the clock, nights and holidays too: that is how long somebody waits. What people wrote is not
    shown. Four queries. Small numbers are hidden (rule L15).
    """
    groups = groups_of(ctx)
    sums = _sums(ctx, groups, year)
    medians = _medians(ctx, groups, year)
    return Report(
        NAME,
        TITLE,
        Label(
            "申込みから了承までの時間と、見送り・取りやめの件数を、部局ごとにまとめています。",
            "Time until the OK, and how many were refused or called off, by groups of sections.",
        ),
        year.key,
        (_by_group(groups, sums, medians), _over_cap(ctx, year)),
        (
            Label(
                "「了承まで」は、申込みから了承までの時間の中央値です。夜や休みの日も数えます。"
                "口頭の了承は、口頭で了承した時までです（申込みより前なら0分）。"
                "「了承していません」と答えたものと事後の申込みは入りません。",
                "The time until the OK is a median, nights and holidays included. An oral OK counts "
                "from when it was said (before the request: 0); without those that were denied and "
                "requests after the fact.",
            ),
            Label(
                "「相談して直す」は、今もその状態の申込みです。「そのほか」は、"
                "待っているもの、取下げ、停止、欠席、記録なしで終了です。",
                "“To discuss” are those that still are. “Other” are waiting, withdrawn, suspended, "
                "absent, or ended without a record.",
            ),
        ),
    )


def _sums(ctx: Context, groups: Groups, year: Period) -> Sums:
    waiting = ", ".join(f"'{state}'" for state in _STILL_WAITING)
    text = _WORK.format(values=groups.values, reason=DEFAULT_REASON, waiting=waiting) + _LEVELS
    sums = summed(text, [ctx.municipality.id, year.starts_on, year.ends_on])
    here, outcomes = sums.of("grp"), sums.of("outcome")
    whole: Key = ("all",)
    lines = [
        Line(whole, tuple(("grp", one) for one in here)),
        Line(whole, tuple(("outcome", one) for one in outcomes)),
        *(Line(("grp", one), tuple(("cell", one, what) for what in outcomes)) for one in here),
        *(Line(("outcome", what), tuple(("cell", one, what) for one in here)) for what in outcomes),
    ]
    rest: list[Key] = []
    for flag in _FLAGS:
        every = f"{flag}_all"
        lines.append(Line(whole, ((every, "0"), (every, "1"))))
        lines += [Line(("grp", one), ((flag, one, "0"), (flag, one, "1"))) for one in here]
        lines += [Line((every, no), tuple((flag, one, no) for one in here)) for no in ("0", "1")]
        rest += [(every, "0"), *((flag, one, "0") for one in here)]
    return sums.hiding(lines, unshown=rest)


def _medians(ctx: Context, groups: Groups, year: Period) -> dict[str, Cell]:
    """Return the median by group in minutes, hidden where it is about too few; "-1" is everybody."""
    minutes = _MINUTES_POSTGRESQL if is_postgresql() else _MINUTES
    text = _LEAD.format(values=groups.values, minutes=minutes, ok=_OK)
    return {
        str(group): round(waited) if people >= LEAST else HIDDEN
        for group, people, waited in fetched(
            text, [ctx.municipality.id, year.starts_on, year.ends_on]
        )
    }


def _by_group(groups: Groups, sums: Sums, medians: dict[str, Cell]) -> Table:
    def row(group: str) -> Row:
        asked = sums.amount(("grp", group))
        flagged = [sums.amount((flag, group, "1")) for flag in _FLAGS]
        return (
            medians.get(group),
            asked,
            *(sums.amount(("cell", group, outcome)) for outcome in _OUTCOMES),
            *flagged,
            *(_share(count, asked) for count in flagged),
        )

    everybody = sums.amount(("all",))
    flagged = [sums.amount((f"{flag}_all", "1")) for flag in _FLAGS]

    return Table(
        "groups",
        Label("部局ごと", "By groups of sections"),
        (
            Column(Label("部局", "Group")),
            Column(Label("了承まで", "Until the OK"), "minutes"),
            Column(Label("申込み", "Requests"), "number"),
            *(Column(label, "number") for label in (*_OUTCOMES.values(), *_FLAGS.values())),
            *(Column(label, "share") for label in _SHARES),
        ),
        tuple(
            (name, *row(group)) for group, name in groups.labelled() if ("grp", group) in sums.cells
        ),
        (
            ALL,
            medians.get("-1"),
            everybody,
            *(sums.amount(("outcome", outcome)) for outcome in _OUTCOMES),
            *flagged,
            *(_share(count, everybody) for count in flagged),
        ),
        drawn=(1,),
    )


def _share(count: Cell, of: Cell) -> Cell:
    """Return a share in percent; hidden where either number is."""
    if not isinstance(count, int) or not isinstance(of, int):
        return HIDDEN
    return round(count * 100 / of) if of else None


def _over_cap(ctx: Context, year: Period) -> Table:
    """Return how many are over their cap; who it is, only they and their head see."""
    span = [ctx.municipality.id, year.starts_on, year.ends_on]
    ((people, months),) = fetched(_OVER_CAP, span)
    few = 0 < people < LEAST
    return Table(
        "over-cap",
        Label("枠を超えている月", "Months over the allowance"),
        (
            Column(Label("年度", "Year")),
            Column(PEOPLE, "number"),
            Column(Label("延べ月数", "Months of all"), "number"),
        ),
        (
            (
                year_label(year.starts_on),
                HIDDEN if few else int(people),
                HIDDEN if few else int(months),
            ),
        ),
        notes=(
            Label(
                "だれなのかは、本人と所属長だけが見られます。",
                "Who it is, only they and their head see.",
            ),
        ),
    )


"""Where an oral OK that nobody confirmed says something: not of what was taken back or called off."""
