"""Which rules a municipality goes by, and HR's word that they are its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN

from niwari.api import (
    N_,
    Appointment,
    Context,
    DomainError,
    Municipality,
    NotFound,
    Person,
    active_now,
    audit,
    locked,
    settings_of,
    transaction,
)
from niwari_leave_cafe.dates.packs import TOWN, Pack, Version, installed_packs
from niwari_leave_cafe.dates.planning import Rules
from niwari_leave_cafe.dates.working_out import rules_on
from niwari_leave_cafe.models import Confirmation

PLUGIN = "leave_cafe"
PACK_SETTING = "pack"


class RulesChanged(DomainError):
    """The rules on the page are not those in force any more."""

    text = N_("規程が変わりました。今の規程を見てから、もう一度確認してください。")


@dataclass(frozen=True, slots=True)
class InForce:
    """What HR sees: the rules in force, and who confirmed them when."""

    rules: Rules
    confirmed_at: datetime | None
    confirmed_by: str


def pack_of_town(ctx: Context) -> Pack:
    """Return the acting municipality's pack: its own where there is one, else the chosen one."""
    packs = installed_packs()
    for pack in packs.values():
        if pack.kind == TOWN and pack.municipality == ctx.municipality.code:
            return pack
    chosen = settings_of(ctx, PLUGIN, scope="municipality")[PACK_SETTING]
    return packs[str(chosen)]


def rules_of_town(ctx: Context) -> Rules:
    """Return what the acting municipality goes by today, in one query; raises ``NoPack``."""
    pack = pack_of_town(ctx)
    rules = rules_on(pack, ctx.today, is_confirmed=False)
    return _with(rules, _kept(ctx).first())


def confirmed_rules(ctx: Context) -> InForce:
    """Return the rules in force with HR's confirmation; raises ``NoPack``."""
    rules = rules_on(pack_of_town(ctx), ctx.today, is_confirmed=False)
    row = _with_whom(_kept(ctx)).first()
    rules = _with(rules, row)
    if not rules.is_confirmed:
        return InForce(rules, None, "")
    who = row.confirmed_by.person.name if row.confirmed_by is not None else ""
    return InForce(rules, row.confirmed_at, who)


def confirm(ctx: Context, fingerprint: str) -> None:
    """Note that the version with this fingerprint is what the municipality's own rules say.

    Confirming again changes nothing. Raises ``RulesChanged`` where another version is in force,
    ``NotFound`` where the plugin was switched off meanwhile.
    """
    with transaction(ctx):
        _held(ctx)
        rules = rules_of_town(ctx)
        if rules.version.fingerprint != fingerprint:
            raise RulesChanged
        if rules.is_confirmed:
            return
        _kept_here(ctx).execute()
        row = Confirmation.create(
            municipality=ctx.municipality.id,
            pack=rules.pack.name,
            version=rules.version.number,
            fingerprint=fingerprint,
            confirmed_by=ctx.acting.id,
            confirmed_at=ctx.now,
        )
        _note(ctx, "leave_cafe.confirm", row.id, rules.pack, rules.version)


def take_back(ctx: Context) -> None:
    """Take the municipality's confirmation back; without one nothing happens."""
    with transaction(ctx):
        _held(ctx)
        row = Confirmation.get_or_none(Confirmation.municipality == ctx.municipality.id)
        if row is None:
            return
        _kept_here(ctx).execute()
        audit(
            ctx,
            "leave_cafe.take_back",
            "leave_cafe.confirmation",
            row.id,
            pack=row.pack,
            version=row.version,
        )


def hold_town(ctx: Context) -> None:
    """Let whoever else asks about the municipality's rules to write wait for this transaction."""
    town = Municipality.select(Municipality.id).where(Municipality.id == ctx.municipality.id)
    locked(town).execute()


def _held(ctx: Context) -> None:
    """Let two who confirm come one after the other, and only where the plugin is on."""
    hold_town(ctx)
    if not active_now(ctx, PLUGIN):
        raise NotFound


def _kept(ctx: Context) -> Any:
    return Confirmation.select().where(Confirmation.municipality == ctx.municipality.id)


def _with_whom(query: Any) -> Any:
    query = query.select(Confirmation, Appointment, Person)
    query = query.join_from(Confirmation, Appointment, JOIN.LEFT_OUTER)
    return query.join_from(Appointment, Person, JOIN.LEFT_OUTER)


def _kept_here(ctx: Context) -> Any:
    return Confirmation.delete().where(Confirmation.municipality == ctx.municipality.id)


def _with(rules: Rules, row: Any) -> Rules:
    same = row is not None and (row.pack, row.fingerprint) == (
        rules.pack.name,
        rules.version.fingerprint,
    )
    return Rules(rules.pack, rules.version, same)


def _note(ctx: Context, action: str, row_id: int, pack: Pack, version: Version) -> None:
    audit(
        ctx,
        action,
        "leave_cafe.confirmation",
        row_id,
        pack=pack.name,
        version=version.number,
    )
