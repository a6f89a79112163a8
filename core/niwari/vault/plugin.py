"""What the vault contributes through the hooks."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from niwari.context import Context
from niwari.db import Model
from niwari.host.blueprint import Blueprint
from niwari.keyring import SealError
from niwari.specs import hookimpl
from niwari.specs.contributions import (
    Card,
    Label,
    MenuItem,
    NoticeKind,
    Permission,
    Receipt,
    Record,
    Subject,
)
from niwari.vault import official_views, opening_views, subjects
from niwari.vault.models import MODELS
from niwari.vault.officials import NAME
from niwari.vault.opening_views import MINE, OPEN
from niwari.vault.reading import told, waiting
from niwari.vault.telling import KINDS


@hookimpl
def models() -> Sequence[type[Model]]:
    """The lockers, and who may open an envelope."""
    return MODELS


@hookimpl
def permissions() -> Sequence[Permission]:
    """The secretariat names officials; who is none finds nothing on their pages."""
    return [
        Permission(NAME, Label("開示担当を決める", "Name disclosure officers"), ("secretariat",)),
        Permission(
            OPEN,
            Label(
                "開示担当として、書き手の開示を求めたり承認したりする",
                "Ask for and approve the disclosure of authors, as a disclosure officer",
            ),
            ("staff",),
        ),
        Permission(
            MINE,
            Label("書き手の開示のお知らせを見る", "See notices of one's own disclosure"),
            ("staff",),
        ),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The pages of officials, and what authors are told."""
    # Each module of views adds its pages to the one blueprint.
    (blueprint,) = {views.blueprint for views in (official_views, opening_views)}
    return [blueprint]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """Under 管理, for the secretariat; officials find their page beside what authors are told."""
    return [MenuItem(Label("開示担当", "Disclosure officers"), "vault.officials", "admin", 56)]


@hookimpl
def notices() -> Sequence[NoticeKind]:
    """An opening waits for a second official; its author reads of it where the locker says so."""
    return KINDS


@hookimpl
def cards(ctx: Context) -> Sequence[Card]:
    """What the author of an anonymous row has to know first of all, and what waits for an official."""
    found: list[Card] = []
    opened = None
    with suppress(SealError):  # the pages on which they write without a name say so
        opened = told(ctx, news=True)
    if opened:
        title = Label("あなたが書き手であることが開示されました", "You were disclosed as an author")
        found.append(
            Card("opened", title, "vault/card_opened.html", {"found": opened}, "vault.mine", 0)
        )
    if count := waiting(ctx):
        title = Label("承認を待つ開示の求め", "Requests for disclosure that wait")
        found.append(
            Card("waiting", title, "vault/card_waiting.html", {"count": count}, "vault.openings", 1)
        )
    return found


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """What somebody did as an official; never what they wrote without a name."""
    return subjects.records(subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Erase nothing, and say why: the link to rows goes with the rows."""
    return subjects.erase(ctx, subject)
