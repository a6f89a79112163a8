"""The kinds of files that a page imports, and what it does with a file: keep, show, do, give up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.directory.drafts import Draft, keep_draft, open_draft, remove_draft
from niwari.directory.importing import plan_people
from niwari.directory.importing.columns import PEOPLE, FileColumn
from niwari.directory.importing.planned import (
    OUTCOMES,
    Change,
    Outcome,
    Plan,
    Planner,
    Values,
    carry_out,
)
from niwari.directory.importing.towns import PeopleOfOthers
from niwari.errors import N_, Invalid, NotFound
from niwari.ledger.importing import (
    plan_leave,
    plan_leave_units,
    plan_overtime,
    plan_patterns,
    plan_roster,
)
from niwari.ledger.importing.columns import LEAVE, LEAVE_UNITS, OVERTIME, PATTERNS, ROSTER
from niwari.specs.contributions import Label
from niwari.tabular import BadLine, ImportRefused, write_csv

SHOWN = 100
"""How many changes of each outcome, and how many bad lines, a page lists; the CSV file has all."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: what it is called, its columns, and who plans its import."""

    code: str
    label: Label
    columns: Sequence[FileColumn]
    planner: Planner

    @property
    def in_header(self) -> Sequence[FileColumn]:
        """The columns that a file has or may have."""
        return [one for one in self.columns if one.in_header]

    def labels(self, locale: str) -> Mapping[str, str]:
        """What people call the columns, by name."""
        return {one.name: one.label.text(locale) for one in self.columns}


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("people", Label("職員と所属", "People and sections"), PEOPLE, plan_people),
        Kind("patterns", Label("勤務の型", "Work patterns"), PATTERNS, plan_patterns),
        Kind(
            "roster", Label("1日ごとの勤務（振替など）", "Single days of work"), ROSTER, plan_roster
        ),
        Kind("leave", Label("休暇（時刻で）", "Leave, by time"), LEAVE, plan_leave),
        Kind(
            "leave_units",
            Label("休暇（1日・半日・時間で）", "Leave, by day and unit"),
            LEAVE_UNITS,
            plan_leave_units,
        ),
        Kind(
            "overtime", Label("時間外勤務（月ごと）", "Overtime by month"), OVERTIME, plan_overtime
        ),
    )
}


class EmptyFile(Invalid):
    """Nothing was sent."""

    text = N_("ファイルが空です。")
    field = "file"


@dataclass(frozen=True, slots=True)
class Preview:
    """A kept file and what its import would do now: a plan, or the reason why there is none.

    ``lists`` are the first ``SHOWN`` changes of each outcome that there are, ``remarks`` what is odd
    of lines that are taken. ``tried`` tells that it was refused only when it was to be written:
    looking again would show a plan.
    """

    draft: Draft
    kind: Kind
    plan: Plan | None = None
    refused: ImportRefused | None = None
    lists: Sequence[tuple[Outcome, Sequence[Change], int]] = field(default=())
    remarks: Sequence[BadLine] = ()
    tried: bool = False

    @property
    def bad_lines(self) -> Sequence[BadLine]:
        """The first ``SHOWN`` bad lines."""
        return self.refused.bad_lines[:SHOWN] if self.refused else ()

    @property
    def changes_nothing(self) -> bool:
        """Whether everything that the file says is known already."""
        return self.plan is not None and not self.plan.changes


def keep_file(ctx: Context, kind: str, name: str, data: bytes) -> int:
    """Keep a file that was sent, for its preview; returns the draft's id. Raises ``EmptyFile``."""
    if not data.strip():
        raise EmptyFile
    return keep_draft(ctx, KINDS[kind].code, name, data)


def preview_of(ctx: Context, draft_id: int) -> Preview:
    """Return what the import of a kept file would do now; raises ``DraftGone``. Writes nothing."""
    draft = open_draft(ctx, draft_id)
    return preview_of_file(ctx, draft, _kind(draft))


def preview_of_file(ctx: Context, draft: Draft, kind: Kind) -> Preview:
    """Return what the import of a file would do now, as one of the own municipality's."""
    try:
        plan = carry_out(ctx, kind.planner, draft.data, town=ctx.municipality, dry_run=True)
    except ImportRefused as refused:
        return Preview(draft, kind, refused=refused)
    lists = []
    for outcome in OUTCOMES:
        found = [change for change in plan.changes if change.outcome == outcome]
        if found:
            lists.append((outcome, found[:SHOWN], len(found)))
    return Preview(draft, kind, plan, lists=lists, remarks=plan.remarks())


def import_draft(ctx: Context, draft_id: int, seen: str) -> Plan:
    """Import a kept file as somebody saw it in a preview, whose plan's digest is ``seen``.

    The file is removed in the same transaction, so a second click finds nothing to import. Raises
    ``DraftGone``, ``PlanChanged`` and ``ImportRefused``; then nothing is written, except that the
    audit of both municipalities notes where it was for people of another one.
    """
    try:
        with transaction(ctx):
            draft = open_draft(ctx, draft_id)
            kind = _kind(draft)
            plan = carry_out(
                ctx, kind.planner, draft.data, town=ctx.municipality, seen=seen or "not seen"
            )
            remove_draft(ctx, draft_id)
    except PeopleOfOthers as refused:
        _note(ctx, refused)
        raise
    return plan


def refused_preview(ctx: Context, draft_id: int, refused: ImportRefused) -> Preview:
    """Return the preview of a kept file that was refused when it was to be written."""
    draft = open_draft(ctx, draft_id)
    return Preview(draft, _kind(draft), refused=refused, tried=True)


def _note(ctx: Context, refused: PeopleOfOthers) -> None:
    counts = {ctx.municipality.id: sum(refused.towns.values()), **refused.towns}
    with transaction(ctx):
        audit.record_each(
            ctx,
            "directory.import_refused",
            "municipality",
            ((town, town, {"people": people}) for town, people in sorted(counts.items())),
        )


def give_up(ctx: Context, draft_id: int) -> None:
    """Remove a kept file without importing it."""
    remove_draft(ctx, draft_id)


def list_of(preview: Preview) -> bytes:
    """Return all changes, or all bad lines, of a preview as a CSV file."""
    if preview.refused is not None:
        return write_csv(
            ("line", "column", "reason"),
            ((bad.line, bad.column, bad.reason) for bad in preview.refused.bad_lines),
        )
    columns = ("line", "outcome", "subject", "before", "after")
    return write_csv(columns, _rows(preview.plan))


def _rows(plan: Plan | None) -> Iterator[tuple[str | int | None, ...]]:
    for change in plan.changes if plan else ():
        before, after = (_listed(values) for values in (change.before, change.after))
        yield change.line or None, change.outcome, change.subject, before, after


def _listed(values: Values) -> str:
    return " / ".join(f"{column}: {value}" for column, value in values if value)


def _kind(draft: Draft) -> Kind:
    kind = KINDS.get(draft.kind)
    if kind is None:  # kept by a version that knew more kinds
        raise NotFound
    return kind
