"""What the demo contributes through the hooks. It is loaded in demo installations alone."""

from collections.abc import Sequence

from niwari.demo.views import blueprint
from niwari.host.blueprint import Blueprint
from niwari.specs import hookimpl
from niwari.specs.contributions import Label, Permission


@hookimpl
def permissions() -> Sequence[Permission]:
    """Every visitor may move the clock."""
    return [
        Permission("demo.clock", Label("見本の日付を進める", "Move the demo's date"), ("staff",))
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The clock's page."""
    return [blueprint]
