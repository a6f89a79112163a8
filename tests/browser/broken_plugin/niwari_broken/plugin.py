"""What it contributes: pages, a menu item, a card, settings of each kind; pages and card fail."""

from collections.abc import Sequence

from niwari.api import (
    Blueprint,
    Card,
    Choice,
    Context,
    Label,
    MenuItem,
    Permission,
    Setting,
    Verb,
    hookimpl,
)

blueprint = Blueprint("broken", __name__)


class BrokenOnPurposeError(Exception):
    """What this plugin raises."""


@blueprint.get("/", permission="broken.read")
def page() -> str:
    """Fail."""
    raise BrokenOnPurposeError


@blueprint.get("/circulars/<int:circular_id>", permission="broken.read")
def circular(circular_id: int) -> str:
    """Fail too, at an address of its own, so that one page can be dark and the other not."""
    raise BrokenOnPurposeError


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody may open it; two roles may send."""
    return [
        Permission("broken.read", Label("回覧を読む", "Read circulars"), ("staff",)),
        Permission("broken.send", Label("回覧を回す", "Send circulars"), ("head", "it")),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The pages."""
    return [blueprint]


@hookimpl
def settings() -> Sequence[Setting]:
    """One of each kind for the municipality, one for each person."""
    return [
        Setting(
            "reminds",
            Label("読んでいない人に知らせる", "Remind those who have not read"),
            default=True,
            hint=Label("期限の前の日の朝に知らせます。", "On the morning before the deadline."),
        ),
        Setting(
            "days",
            Label("読む期限", "Days to read"),
            default=7,
            minimum=1,
            maximum=31,
            unit=Label("日", "days"),
        ),
        Setting(
            "order",
            Label("並べ方", "Order"),
            default="newest",
            choices=(
                Choice("newest", Label("新しい順", "Newest first")),
                Choice("deadline", Label("期限の近い順", "By deadline")),
            ),
        ),
        Setting(
            "greeting",
            Label("回覧の先頭に置く一文", "First line of each circular"),
            default="お目通しください。",
            minimum=1,
            maximum=40,
        ),
        Setting(
            "by_mail",
            Label("メールでも受け取る", "Get them by mail too"),
            default=False,
            scope="person",
        ),
    ]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """The way to the page."""
    return [MenuItem(Label("故障の見本", "Broken example"), "broken.page", Verb.HELP, order=90)]


@hookimpl
def cards(ctx: Context) -> Sequence[Card]:
    """Fail."""
    raise BrokenOnPurposeError
