"""What whisper contributes."""

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from niwari.api import (
    Blueprint,
    Context,
    Label,
    Model,
    NoticeKind,
    Part,
    Permission,
    Receipt,
    Resource,
    Subject,
    Task,
    forget_author,
    hookimpl,
)
from niwari_whisper import service
from niwari_whisper.models import Echo, Whisper
from niwari_whisper.service import ECHO, KIND, whisper
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
    """Its tables."""
    return [Whisper, Echo]


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
def tasks() -> Sequence[Task]:
    """What is published at the quarter of an hour."""
    return [
        Task("whisper.publish", service.publish, Label("つぶやきの公開", "Whisper"), hidden=True),
        Task("whisper.echo", service.publish_echo, Label("こだまの公開", "Echo"), hidden=True),
    ]


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Erase what somebody whispered, and who echoed."""
    forget_author(subject, Echo)
    gone = forget_author(subject, Whisper)
    Echo.delete().where(Echo.whisper.in_(gone)).execute()
    return Receipt(erased=Whisper.delete().where(Whisper.id.in_(gone)).execute())


@hookimpl
def resources() -> Sequence[Resource]:
    """A whisper, whose author two officials may open."""
    part = Part(
        kind=ECHO,
        model=Echo,
        parent="whisper",
        label=Label("こだま", "Echo"),
        text=lambda row: str(row.text),
        anchor=lambda row: f"echo-{row.id}",
        sample=_sample_echo,
        envelope=lambda row: row.sealed,
        hidden_sample=lambda ctx, row_id: service.echo(ctx, row_id, "見本"),
    )
    return [
        Resource(
            kind=KIND,
            model=Whisper,
            label=Label("つぶやき", "Whisper"),
            endpoint="whisper.show",
            key="whisper_id",
            title=lambda row: str(row.text),
            text=lambda row: str(row.text),
            sample=_sample,
            envelope=lambda row: row.sealed,
            hidden_sample=lambda ctx: whisper(ctx, "見本"),
            parts=(part,),
        )
    ]


def _sample(ctx: Context) -> int:
    return int(Whisper.get(Whisper.key == whisper(ctx, "見本", hidden=False)).id)


def _sample_echo(ctx: Context, whisper_id: int) -> int:
    key = str(uuid4())
    town = ctx.municipality.id
    return int(
        Echo.create(
            whisper=whisper_id, municipality=town, author=ctx.acting.id, key=key, text="見本"
        ).id
    )
