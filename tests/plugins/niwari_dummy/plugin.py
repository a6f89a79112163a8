"""What the dummy contributes: something for every hook."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from click import Command

from niwari.api import (
    REGION,
    Activity,
    Blueprint,
    Card,
    Choice,
    Context,
    Job,
    Label,
    MenuItem,
    Model,
    NoticeKind,
    Permission,
    Receipt,
    Record,
    Resource,
    Service,
    Setting,
    Subject,
    Subscription,
    Task,
    Verb,
    hookimpl,
    settings_of,
)
from niwari_dummy import disposing, inviting, service
from niwari_dummy.commands import COMMANDS
from niwari_dummy.contract import Notes
from niwari_dummy.dates import held
from niwari_dummy.events import NoteWritten
from niwari_dummy.inviting import offers as offers
from niwari_dummy.models import MODELS, Note
from niwari_dummy.notices import KINDS
from niwari_dummy.parts import REPLY
from niwari_dummy.views import blueprint
from niwari_dummy.work import JOBS, TASKS

_EVERYBODY: Final = ("staff", "head", "hr", "it", "secretariat")


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody reads and writes."""
    return [
        Permission("dummy.read", Label("伝言を読む", "Read notes"), _EVERYBODY),
        Permission("dummy.write", Label("伝言を書く", "Write notes"), _EVERYBODY),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The board."""
    return [blueprint]


@hookimpl
def models() -> Sequence[type[Model]]:
    """Notes, replies, tallies."""
    return MODELS


@hookimpl
def migrations() -> Path:
    """Their history."""
    return Path(__file__).parent / "migrations"


@hookimpl
def resources() -> Sequence[Resource]:
    """A note can be pointed to."""
    return [
        Resource(
            kind="dummy.note",
            model=Note,
            label=Label("伝言", "Note"),
            endpoint="dummy.show",
            key="note_id",
            title=lambda note: str(note.title),
            text=lambda note: str(note.body),
            dated=held,
            author=lambda note: note.author_id,
            parts=[REPLY],
            sample=_sample,
            hold=inviting.hold,
            hosts=inviting.hosts,
        )
    ]


def _sample(ctx: Context) -> int:
    note_id = service.write(
        ctx,
        title="会議室の鍵は総務にあります",
        body="返すときも総務へお願いします。",
        audience=REGION,
        form_key=str(uuid4()),
    )
    inviting.invite(ctx, note_id)
    return note_id


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """What the subject wrote."""
    return service.records(subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Remove what the subject wrote."""
    return service.erase(subject)


@hookimpl
def dispose_data(ctx: Context, category: str, before: date) -> Receipt:
    """Remove the notes that are older."""
    return disposing.dispose(ctx, before)


@hookimpl
def services() -> Sequence[Service]:
    """Counting, for others."""
    return [Service(1, Notes, service.Counting)]


@hookimpl
def settings() -> Sequence[Setting]:
    """One of each kind."""
    return [
        Setting("greeting", Label("はじめの言葉", "Greeting"), "ようこそ", maximum=40),
        Setting("may_enable", Label("使ってよい", "May be used"), True),
        Setting(
            "days_kept",
            Label("残す日数", "Days kept"),
            30,
            minimum=1,
            maximum=365,
            unit=Label("日", "days"),
        ),
        Setting(
            "order",
            Label("並べ方", "Order"),
            "newest",
            choices=(
                Choice("newest", Label("新しい順", "Newest first")),
                Choice("oldest", Label("古い順", "Oldest first")),
            ),
        ),
        Setting("compact", Label("詰めて表示する", "Compact"), False, scope="person"),
    ]


@hookimpl
def events() -> Sequence[type[Any]]:
    """A note was written."""
    return [NoteWritten]


@hookimpl
def subscriptions() -> Sequence[Subscription]:
    """It counts its own notes, and hears what becomes of seats."""
    return [Subscription("dummy.NoteWritten", service.count_one), *inviting.SUBSCRIPTIONS]


@hookimpl
def notices() -> Sequence[NoticeKind]:
    """Somebody replied."""
    return KINDS


@hookimpl
def activities() -> Sequence[Activity]:
    """Writing notes takes time."""
    return [Activity("dummy", Label("伝言を書く", "Write notes"))]


@hookimpl
def commands() -> Sequence[Command]:
    """Counting, from the command line."""
    return COMMANDS


@hookimpl
def jobs() -> Sequence[Job]:
    """The tally is set right each morning."""
    return JOBS


@hookimpl
def tasks() -> Sequence[Task]:
    """And when somebody asks for it."""
    return TASKS


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """Its place in the menu."""
    return [MenuItem(Label("伝言板", "Notes"), "dummy.board", Verb.SPREAD)]


@hookimpl
def cards(ctx: Context) -> Sequence[Card]:
    """The newest notes."""
    return [
        Card(
            "newest",
            Label("新しい伝言", "Newest notes"),
            "dummy/card.html",
            {"notes": service.notes(ctx)[:3]},
            endpoint="dummy.board",
        )
    ]


@hookimpl
def can_enable(ctx: Context) -> Sequence[Label]:
    """Not where its setting says no."""
    if settings_of(ctx, "dummy")["may_enable"]:
        return []
    return [Label("設定で使わないことになっています。", "Its setting says no.")]


@hookimpl
def enabled(ctx: Context) -> None:
    """Prepare the municipality."""
    service.greet(ctx)


@hookimpl
def can_disable(ctx: Context) -> Sequence[Label]:
    """Not on the last day of the year."""
    if (ctx.today.month, ctx.today.day) == (12, 31):
        return [Label("大みそかは止められません。", "Not on New Year's Eve.")]
    return []


@hookimpl
def disabled(ctx: Context) -> None:
    """Nothing is left to do, and that is done."""
    service.greet(ctx)


@hookimpl
def upgraded(ctx: Context, previous: str) -> None:
    """Prepare the municipality again."""
    service.greet(ctx)
