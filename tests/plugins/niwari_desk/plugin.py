"""What the desks contribute."""

from collections.abc import Sequence
from pathlib import Path

from niwari.api import Blueprint, Label, Model, Permission, Resource, hookimpl
from niwari_desk import service
from niwari_desk.models import Desk, when
from niwari_desk.views import blueprint


@hookimpl
def permissions() -> Sequence[Permission]:
    """Looking is for all."""
    return [Permission("desk.read", Label("相談の日を見る", "See desks"), ("staff",))]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The page of a desk."""
    return [blueprint]


@hookimpl
def models() -> Sequence[type[Model]]:
    """The desks."""
    return [Desk]


@hookimpl
def migrations() -> Path:
    """Their history."""
    return Path(__file__).parent / "migrations"


@hookimpl
def resources() -> Sequence[Resource]:
    """A desk has dates."""
    return [
        Resource(
            kind="desk.desk",
            model=Desk,
            label=Label("相談の日", "Desk"),
            endpoint="desk.show",
            key="desk_id",
            title=lambda desk: str(desk.title),
            text=lambda desk: str(desk.place),
            dated=when,
            hidden_place=lambda desk: bool(desk.is_quiet),
            sample=service.open_desk,
        )
    ]
