"""What the directory contributes through the hooks. It is always on."""

from collections.abc import Iterable, Sequence

from niwari.context import Context
from niwari.db import Model
from niwari.directory import people_views, section_views  # noqa: F401 - they describe the pages
from niwari.directory import subjects as subjects
from niwari.directory.arranging import ALL
from niwari.directory.drafts import ImportDraft
from niwari.directory.duties import contributed as duties
from niwari.directory.events import EVENTS
from niwari.directory.held import HeldPost
from niwari.directory.models import MODELS
from niwari.directory.pages import blueprint
from niwari.directory.readers import NamedReader
from niwari.directory.search.models import PersonText
from niwari.directory.transfers import contributed as transfers
from niwari.host.blueprint import Blueprint
from niwari.specs import hookimpl
from niwari.specs.contributions import (
    Label,
    MenuItem,
    Permission,
    Receipt,
    Record,
    Setting,
    Subject,
)


@hookimpl
def models() -> Sequence[type[Model]]:
    """Declare the directory's tables, in an order in which they can be created."""
    return (
        *(*MODELS, *duties.DUTY_MODELS, PersonText, ImportDraft, HeldPost, NamedReader),
        *transfers.MODELS,
    )


@hookimpl
def events() -> Sequence[type[object]]:
    """People who moved or left, and municipalities that were merged."""
    return EVENTS


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody sees the organisation and finds people; heads, HR and IT change what is theirs."""
    return [
        Permission(
            "directory.read",
            Label("組織を見る、職員を探す", "See the organisation and find people"),
            ("staff",),
        ),
        Permission(
            "directory.arrange",
            Label("所属の代決者と庶務担当を決める", "Name a section's stand-ins and clerks"),
            ("head", "hr"),
        ),
        Permission(
            ALL,
            Label(
                "すべての所属の代決者と庶務担当を決める", "Name all sections' stand-ins and clerks"
            ),
            ("hr",),
        ),
        Permission(
            "directory.import",
            Label("職員や勤務のファイルを取り込む", "Import files of people and work time"),
            ("hr", "it"),
        ),
        *duties.PERMISSIONS,
        *transfers.PERMISSIONS,
    ]


@hookimpl
def settings() -> Sequence[Setting]:
    """Whether the municipality takes part in the directory of duties, and plans transfers ahead."""
    return (*duties.SETTINGS, *transfers.SETTINGS)


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The organisation, what is arranged in it, the search for people, and who does which work."""
    return [blueprint]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """職員を探す and 組織, for everybody; the pages about duties where the town takes part."""
    return [
        MenuItem(Label("職員を探す", "Find people"), "directory.people", "home", order=30),
        MenuItem(Label("組織", "Organisation"), "directory.sections", "home", order=90),
        *duties.menu(ctx),
    ]


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """Who somebody is, their posts, and what they said of their work."""
    return subjects.records(subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Erase duties, drafts and reasons, and the names of those who have left; posts remain."""
    return subjects.erase(ctx, subject)
