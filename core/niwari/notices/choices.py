"""How each person wants to be told of each kind, and which channels a municipality does not use."""

from collections.abc import Callable, Mapping
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.host.running import running
from niwari.notices.kinds import kinds_on
from niwari.notices.models import Choice, Veto
from niwari.specs.contributions import PACES, NoticeKind

ALL = ""
"""Stands for all kinds in a veto."""


_conditions: dict[str, Callable[[Context], bool]] = {}


def offer_where(code: str, condition: Callable[[Context], bool]) -> None:
    """Let a kind of a core area above be offered only to whom ``condition`` is true for."""
    _conditions[code] = condition


def kinds_here(ctx: Context) -> tuple[NoticeKind, ...]:
    """Return the kinds of the core and of the plugins that are on in the acting municipality."""
    here = running().active_in(ctx.municipality)
    return tuple(
        kind
        for kind in kinds_on(running().host, here)
        if kind.code not in _conditions or _conditions[kind.code](ctx)
    )


def choices(ctx: Context) -> Mapping[str, str]:
    """Return how the acting person is told of each kind that is there, by code."""
    query = Choice.select(Choice.kind, Choice.mode).where(Choice.person == ctx.person_id)
    chosen = dict(rows(query))
    return {kind.code: chosen.get(kind.code, kind.default) for kind in kinds_here(ctx)}


def choose(ctx: Context, wanted: Mapping[str, str]) -> None:
    """Keep how the acting person wants to be told, by code of the kind.

    Raises ``ValueError`` for a kind that is not there or a way that there is none.
    """
    known = {kind.code for kind in kinds_here(ctx)}
    if wrong := {
        code: mode for code, mode in wanted.items() if code not in known or mode not in PACES
    }:
        raise ValueError(f"no such choice: {wrong}")
    with transaction(ctx):
        for code, mode in wanted.items():
            Choice.insert(person=ctx.person_id, kind=code, mode=mode).on_conflict(
                conflict_target=[Choice.person, Choice.kind], update={Choice.mode: mode}
            ).execute()


def vetoes(ctx: Context, channel: str) -> frozenset[str]:
    """Return the codes of kinds for which the municipality does not use ``channel``; ``ALL`` is one."""
    return frozenset(code for (code,) in rows(_vetoes(ctx, channel, Veto.kind)))


def veto(ctx: Context, channel: str, codes: frozenset[str]) -> None:
    """Let the municipality not use ``channel`` for the kinds of ``codes``, and for all others use it.

    What was vetoed of kinds that are not there just now stays. Raises ``ValueError`` for a kind that
    is not there.
    """
    known = {kind.code for kind in kinds_here(ctx)} | {ALL}
    if codes - known:
        raise ValueError(f"no such kinds: {sorted(codes - known)}")
    with transaction(ctx):
        before = vetoes(ctx, channel) & known
        if before == codes:
            return
        gone = sorted(before - codes)
        Veto.delete().where(
            (Veto.municipality == ctx.municipality.id)
            & (Veto.channel == channel)
            & Veto.kind.in_(gone)
        ).execute()
        for code in sorted(codes - before):
            Veto.insert(
                municipality=ctx.municipality.id,
                channel=channel,
                kind=code,
                changed_at=ctx.now,
                changed_by=ctx.acting.id,
            ).on_conflict_ignore().execute()
        audit.record(
            ctx,
            "channels.veto",
            "municipality",
            ctx.municipality.id,
            channel=channel,
            off=",".join(sorted(code or "*" for code in codes)),
        )


def _vetoes(ctx: Context, channel: str, *columns: Any) -> Any:
    return Veto.select(*columns).where(
        (Veto.municipality == ctx.municipality.id) & (Veto.channel == channel)
    )
