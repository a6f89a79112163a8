"""What the directory contributes through the hooks. It is always on."""

from collections.abc import Sequence

from niwari.context import Context
from niwari.db import Model
from niwari.directory.drafts import ImportDraft
from niwari.directory.models import MODELS
from niwari.directory.people_views import blueprint
from niwari.directory.search.models import PersonText
from niwari.host.blueprint import Blueprint
from niwari.specs import hookimpl
from niwari.specs.contributions import Label, MenuItem, Permission


@hookimpl
def models() -> Sequence[type[Model]]:
    """Declare the directory's tables, in an order in which they can be created."""
    return (*MODELS, PersonText, ImportDraft)


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody finds people; HR and IT import files."""
    return [
        Permission("directory.read", Label("職員をさがす", "Find people"), ("staff",)),
        Permission(
            "directory.import",
            Label("職員や勤務のファイルを取り込む", "Import files of people and work time"),
            ("hr", "it"),
        ),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The search for people."""
    return [blueprint]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """職員をさがす, for everybody."""
    return [MenuItem(Label("職員をさがす", "Find people"), "directory.people", "home", 30)]
