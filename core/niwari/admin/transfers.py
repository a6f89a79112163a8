"""異動の予定, as its pages use it: a file is looked at, kept sealed, and looked at again."""

from datetime import datetime

from niwari.admin.importing import EmptyFile, Kind, Preview, preview_of_file
from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.directory.drafts import Draft, DraftGone, keep_draft, open_draft, remove_draft
from niwari.directory.importing import plan_people
from niwari.directory.importing.columns import PEOPLE
from niwari.directory.importing.planned import carry_out
from niwari.directory.importing.towns import PeopleOfOthers
from niwari.directory.transfers import keeping
from niwari.directory.transfers.keeping import Opened
from niwari.directory.transfers.models import DRAFT
from niwari.directory.transfers.sealing import discreetly
from niwari.directory.transfers.towns import MANAGE, is_planning, require_planning
from niwari.errors import N_, DomainError
from niwari.host.rate_limits import Limit, TooMany, count, is_reached
from niwari.specs.contributions import Label
from niwari.tabular import ImportRefused
from niwari.tabular.refusals import TooManyRefusals

KIND = Kind(DRAFT, Label("異動の予定", "Planned transfers"), PEOPLE, plan_people)
_KINDS = (KIND.code, "people")
"""What can be kept sealed: also a file that was sent to be imported."""


_NAMED = 20
_REFUSALS = Limit("people of others in transfers", 5, 24 * 60 * 60)
"""How often in a day a post learns that people of its file are of other municipalities."""


class RefusedTooOften(DomainError):
    """No more answers today: each would tell which logins are known in other municipalities."""

    status = 429
    text = N_(
        "ほかの市町村の職員がいるファイルを預けようとした回数が、1日の上限（%(most)s回）に達したため、"
        "次の朝9時まで、ファイルを預けられません。ほかの市町村との異動は、"
        "サーバーの担当者に頼んで niwari directory import で取り込んでもらってください。"
    )


class NothingToKeep(DomainError):
    """All that the file says is known."""

    text = N_("すべて登録済みの内容と同じです。預ける異動はありません。")


def may_keep(ctx: Context, draft: Draft) -> bool:
    """Tell whether the acting person can keep a draft sealed instead of importing it."""
    return draft.kind in _KINDS and ctx.may(MANAGE) and is_planning(ctx)


def keep_file(ctx: Context, name: str, data: bytes) -> int:
    """Keep a file that was sent, for its preview; returns the draft's id. Raises ``EmptyFile``."""
    require_planning(ctx)
    if not data.strip():
        raise EmptyFile
    return keep_draft(ctx, KIND.code, name, data)


def preview_of_draft(ctx: Context, draft_id: int) -> Preview:
    """Return what the import of a draft would do now; raises ``DraftGone``. Writes nothing."""
    return _preview(ctx, _draft(ctx, draft_id))


def keep_draft_sealed(
    ctx: Context, draft_id: int, release_at: datetime, seen: str, instead: int | None
) -> None:
    """Keep a draft, whose plan somebody saw, sealed until ``release_at``; the draft is removed.

    With ``instead`` in the place of that sealed file. A second click finds no draft. Raises
    ``DraftGone``, ``PlanChanged``, ``ImportRefused``, ``NothingToKeep``, ``RefusedTooOften`` and
    what keeping and replacing raise; then nothing is kept.

    A file that its release would refuse is refused now, also where a preview does not tell why: up to
    5 times a day, with 20 people at the most. After that no file is kept, whoever is in it.
    """
    if is_reached(_REFUSALS, str(ctx.acting.id), ctx.now):
        raise RefusedTooOften(most=_REFUSALS.most)
    try:
        with transaction(ctx), discreetly():
            draft = _draft(ctx, draft_id)
            plan = carry_out(
                ctx,
                KIND.planner,
                draft.data,
                town=ctx.municipality,
                dry_run=True,
                seen=seen or "not seen",
            )
            if plan.withheld is not None:
                raise plan.withheld
            if not plan.changes:
                raise NothingToKeep
            if instead is None:
                keeping.keep(ctx, draft.name, draft.data, release_at)
            else:
                keeping.replace(ctx, instead, draft.name, draft.data, release_at)
            remove_draft(ctx, draft_id)
    except PeopleOfOthers as refused:
        _count_refusal(ctx)
        if len(refused.bad_lines) > _NAMED:
            raise TooManyRefusals(refused.bad_lines[:_NAMED]) from None
        raise


def _count_refusal(ctx: Context) -> None:
    # In the own audit alone: another municipality would learn of transfers to come.
    with transaction(ctx):
        audit.record(ctx, "directory.transfers_refuse", "municipality", ctx.municipality.id)
    try:
        count(_REFUSALS, str(ctx.acting.id), ctx.now)
    except TooMany:  # several at once
        raise RefusedTooOften(most=_REFUSALS.most) from None


def refused_preview(ctx: Context, draft_id: int, refused: ImportRefused) -> Preview:
    """Return the preview of a draft that was refused when it was to be kept; raises ``DraftGone``."""
    return Preview(_draft(ctx, draft_id), KIND, refused=refused, tried=True)


def opened_with_preview(ctx: Context, transfer_id: int) -> tuple[Opened, Preview | None]:
    """Open a sealed file and say what its import would do now; without, where its seal does not open.

    That it was looked at is in the audit. Raises ``NotFound`` and ``NotOpen``.
    """
    require_planning(ctx)
    opened = keeping.open_transfer(ctx, transfer_id)
    if opened.data is None:
        return opened, None
    draft = Draft(opened.id, KIND.code, opened.name, opened.data)
    preview = _preview(ctx, draft)
    if preview.plan is not None and preview.plan.withheld is not None:
        return opened, Preview(draft, KIND, refused=preview.plan.withheld, tried=True)
    return opened, preview


def _draft(ctx: Context, draft_id: int) -> Draft:
    require_planning(ctx)
    draft = open_draft(ctx, draft_id)
    if draft.kind not in _KINDS:
        raise DraftGone
    return draft


def _preview(ctx: Context, draft: Draft) -> Preview:
    with discreetly():
        return preview_of_file(ctx, draft, KIND)
