"""What whisper contributes."""

from collections.abc import Sequence
from pathlib import Path

from niwari.api import Blueprint, Label, Model, NoticeKind, Permission, Resource, hookimpl
from niwari_whisper.models import Whisper
from niwari_whisper.service import KIND, whisper
from niwari_whisper.views import blueprint


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody may read."""
    return [Permission("whisper.read", Label("読む", "Read"), ("staff",))]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """Its page."""
    return [blueprint]


@hookimpl
def models() -> Sequence[type[Model]]:
    """Its table."""
    return [Whisper]


@hookimpl
def migrations() -> Path:
    """Its history."""
    return Path(__file__).parent / "migrations"


@hookimpl
def notices() -> Sequence[NoticeKind]:
    """Somebody heard it."""
    label = Label("つぶやきが聞かれたとき", "When a whisper is heard")
    said = Label("「%(title)s」が聞かれました。", "“%(title)s” was heard.")
    return [NoticeKind("whisper.heard", label, said)]


@hookimpl
def resources() -> Sequence[Resource]:
    """A whisper, whose author two officials may open."""
    return [
        Resource(
            kind=KIND,
            model=Whisper,
            label=Label("つぶやき", "Whisper"),
            endpoint="whisper.show",
            key="whisper_id",
            title=lambda row: str(row.text),
            text=lambda row: str(row.text),
            sample=lambda ctx: whisper(ctx, "見本"),
            envelope=lambda row: (row.envelope, row.key) if row.envelope else None,
        )
    ]
