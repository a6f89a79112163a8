"""Profiles of sections: reading them, writing that of the own section, and the head's hiding (R-016).

Nothing is kept of who reads one: there is no read log, and no count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import Case

from niwari.api import (
    REGION,
    SECTION,
    Context,
    Municipality,
    MunicipalityRef,
    NotFound,
    Section,
    active,
    active_now,
    answered_by,
    answering_now,
    audit,
    checked_choice,
    checked_line,
    checked_text,
    locked,
    section_name,
    transaction,
    visible,
)
from niwari_mentoring.errors import ChangedMeanwhile, NotHead, NotOfSection
from niwari_mentoring.models import AUDIENCES, SectionProfile
from niwari_mentoring.service.seats import follow_profile
from niwari_mentoring.texts import LINE_LIMIT, PLUGIN, TEXT_LIMIT

KIND = "mentoring.section"
PAGE = 20


@dataclass(frozen=True, slots=True)
class Written:
    """What the people of a section write about it."""

    headline: str
    work: str
    day: str = ""
    branches: str = ""
    preparing: str = ""
    audience: str = REGION

    def checked(self, ctx: Context) -> dict[str, Any]:
        """Return the columns to store; raises an ``Invalid`` beside the field that is wrong."""
        return {
            "headline": checked_line(self.headline, "headline", LINE_LIMIT, required=True),
            "work": checked_text(self.work, "work", TEXT_LIMIT, required=True),
            "day": checked_text(self.day, "day", TEXT_LIMIT),
            "branches": checked_text(self.branches, "branches", TEXT_LIMIT),
            "preparing": checked_text(self.preparing, "preparing", TEXT_LIMIT),
            "shared_with": checked_choice(self.audience, audiences(ctx), "audience"),
        }


@dataclass(frozen=True, slots=True)
class Seen:
    """A profile as its reader sees it.

    ``works_here``: the reader is of the section. ``answers``: is its head, or stands in.
    """

    id: int
    headline: str
    section_id: int
    section: str
    municipality: str
    changed_at: datetime
    hidden: bool
    paused: bool
    works_here: bool
    answers: bool
    for_region: bool


@dataclass(frozen=True, slots=True)
class Told(Seen):
    """A profile with its words."""

    work: str
    day: str
    branches: str
    preparing: str
    version: int
    shared_with: str

    @property
    def written(self) -> tuple[str, ...]:
        """All its words, for what they name to be looked up at once."""
        return self.work, self.day, self.branches, self.preparing


def audiences(ctx: Context) -> tuple[str, ...]:
    """Return who may be let read: without a region, the own town alone."""
    return tuple(a for a in AUDIENCES if a != REGION or ctx.municipality.region_id is not None)


def list_profiles(
    ctx: Context, *, town: str = "", before: int = 0
) -> tuple[list[Seen], int | None]:
    """Return a page of profiles, the newest section first, and the id below which the next begins.

    One query. ``town`` is the code of a municipality.
    """
    query = _readable(ctx)
    if town:
        query = query.where(Municipality.code == town)
    if before:
        query = query.where(SectionProfile.id < before)
    found = [_seen(ctx, row) for row in query.order_by(SectionProfile.id.desc()).limit(PAGE + 1)]
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def towns(ctx: Context, model: Any) -> Sequence[tuple[str, str]]:
    """Return code and name of the municipalities of which one sees rows of ``model``; one query."""
    here = model.select(model.municipality).where(visible(ctx, model))
    query = (
        Municipality.select(Municipality.code, Municipality.name)
        .where(Municipality.id.in_(here))
        .order_by(Municipality.code)
        .tuples()
    )
    return list(query)


def get_profile(ctx: Context, section_profile_id: int) -> Told:
    """Return one with its words, in one query; raises ``NotFound``."""
    row = _readable(ctx, *_WORDS).where(SectionProfile.id == section_profile_id).first()
    if row is None:
        raise NotFound
    return _told(ctx, row)


def own_profile(ctx: Context) -> Told | None:
    """Return that of the acting person's section, ``None`` where it has none; one query."""
    row = _readable(ctx, *_WORDS).where(SectionProfile.section == ctx.acting.section_id).first()
    return None if row is None else _told(ctx, row)


def save_profile(ctx: Context, written: Written, *, base: int) -> int:
    """Write the profile of the acting person's section; returns its id.

    ``base`` is the version that was opened, 0 where there was none. The same words again change
    nothing. Its open days are for whom it is. Raises ``ChangedMeanwhile``, ``NotFound``,
    ``ComingFromElsewhere``, and what the texts refuse.
    """
    columns = written.checked(ctx)
    with transaction(ctx):
        # Two of one section at the same moment come one after the other here.
        locked(Section.select(Section.id).where(Section.id == ctx.acting.section_id)).execute()
        if not active_now(ctx, PLUGIN):
            raise NotFound
        profile = SectionProfile.get_or_none(SectionProfile.section == ctx.acting.section_id)
        if profile is not None and all(getattr(profile, k) == v for k, v in columns.items()):
            return int(profile.id)
        now = {
            **columns,
            "name": ctx.acting.section_name,
            "changed_by": ctx.acting.id,
            "changed_at": ctx.now,
        }
        if profile is None:
            profile = SectionProfile.create(
                **SectionProfile.owned_by(ctx), audience=written.audience, **now
            )
        else:
            if profile.version != base:
                raise ChangedMeanwhile(number=profile.version)
            is_hidden = profile.audience == SECTION
            SectionProfile.update(
                **now,
                version=SectionProfile.version + 1,
                audience=SECTION if is_hidden else written.audience,
            ).where(SectionProfile.id == profile.id).execute()
            if not is_hidden and profile.audience != written.audience:
                follow_profile(ctx, profile.id, written.audience)
        audit(ctx, "mentoring.describe", KIND, profile.id)
    return int(profile.id)


def hide_profile(ctx: Context, section_profile_id: int, *, hidden: bool) -> None:
    """Let nobody outside of the section see its profile, or show it again; again changes nothing.

    Hidden, its open days ahead are called off. By post order (代決) one decides only while the head is
    away. Raises ``NotFound`` and ``NotHead``.
    """
    with transaction(ctx):
        profile = held(ctx, section_profile_id)
        here = SectionProfile.id == profile.id
        answering = answering_now(ctx, profile.section_id)
        if ctx.person_id not in {one.person_id for one in answering}:
            raise NotHead
        if (profile.audience == SECTION) == hidden:
            return
        audience = SECTION if hidden else profile.shared_with
        SectionProfile.update(audience=audience).where(here).execute()
        follow_profile(ctx, profile.id, audience)
        audit(ctx, "mentoring.hide" if hidden else "mentoring.show", KIND, profile.id)


def held(ctx: Context, section_profile_id: int) -> Any:
    """Return a profile that the acting person sees, locked, with its town; raises ``NotFound``."""
    query = SectionProfile.select().where(
        (SectionProfile.id == section_profile_id) & visible(ctx, SectionProfile)
    )
    profile = locked(query).first()
    if profile is None or not active_now(ctx, PLUGIN):
        raise NotFound
    return profile


def check_works_here(ctx: Context, profile: Any) -> None:
    """Raise ``NotOfSection`` where the acting person is of another section."""
    if profile.section_id != ctx.acting.section_id:
        raise NotOfSection


_WORDS = (
    SectionProfile.work,
    SectionProfile.day,
    SectionProfile.branches,
    SectionProfile.preparing,
    SectionProfile.version,
    SectionProfile.shared_with,
)


def _readable(ctx: Context, *more: Any) -> Any:
    answers = answered_by(ctx.person_id, ctx.today, SectionProfile.section)
    return (
        SectionProfile.select(
            SectionProfile.id,
            SectionProfile.headline,
            SectionProfile.section,
            section_name(ctx.today),
            SectionProfile.changed_at,
            SectionProfile.audience,
            Case(None, [(answers, 1)], 0),
            Municipality.id,
            Municipality.code,
            Municipality.name,
            Municipality.revision,
            *more,
        )
        .join_from(SectionProfile, Section)
        .join_from(SectionProfile, Municipality)
        .where(visible(ctx, SectionProfile))
        .tuples()
    )


def _columns(ctx: Context, row: tuple[Any, ...]) -> tuple[Any, ...]:
    id_, headline, section_id, section, changed_at, audience, answers = row[:7]
    owner = MunicipalityRef(*row[7:11])
    return (
        id_,
        headline,
        section_id,
        section,
        owner.name,
        changed_at,
        audience == SECTION,
        not active(owner, PLUGIN),
        section_id == ctx.acting.section_id,
        bool(answers),
        audience == REGION,
    )


def _seen(ctx: Context, row: tuple[Any, ...]) -> Seen:
    return Seen(*_columns(ctx, row))


def _told(ctx: Context, row: tuple[Any, ...]) -> Told:
    return Told(*_columns(ctx, row), *row[11:])
