"""The hooks about the crasher's life in a municipality; each leaves a shard, then fails at its name."""

from collections.abc import Sequence

from niwari.api import Context, Label, hookimpl
from niwari_crasher.models import Shard
from niwari_crasher.switch import crash_at, is_told


def _blockers(place: str) -> Sequence[Label]:
    crash_at(place)
    blocked = Label("先に床を片付けてください。", "Sweep the floor first.")
    return [blocked] if is_told(f"{place}:no") else []


@hookimpl
def can_enable(ctx: Context) -> Sequence[Label]:
    """Say no at "can_enable:no"."""
    return _blockers("can_enable")


@hookimpl
def can_disable(ctx: Context) -> Sequence[Label]:
    """Say no at "can_disable:no"."""
    return _blockers("can_disable")


@hookimpl
def enabled(ctx: Context) -> None:
    """Prepare."""
    Shard.create()
    crash_at("enabled")


@hookimpl
def disabled(ctx: Context) -> None:
    """Clean up."""
    Shard.create()
    crash_at("disabled")


@hookimpl
def upgraded(ctx: Context, previous: str) -> None:
    """Adapt; fails at "upgraded" everywhere, at "upgraded:須賀川市" there alone."""
    Shard.create()
    crash_at("upgraded")
    crash_at(f"upgraded:{ctx.municipality.name}")
