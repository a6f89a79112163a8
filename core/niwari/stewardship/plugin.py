"""What the area stewardship contributes through the hooks."""

from collections.abc import Iterable, Sequence

from niwari.context import Context
from niwari.db import Model
from niwari.host.blueprint import Blueprint
from niwari.host.running import running
from niwari.specs import hookimpl
from niwari.specs.contributions import (
    Label,
    MenuItem,
    NoticeKind,
    Permission,
    Receipt,
    Record,
    Subject,
)
from niwari.stewardship import core_subjects, retention_views
from niwari.stewardship.handing_out import HANDED_OUT
from niwari.stewardship.models import MODELS


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody takes their own data; HR answers for those of the municipality."""
    return [
        Permission("stewardship.mine", Label("自分のデータを受け取る", "Get own data"), ("staff",)),
        Permission(
            "stewardship.people",
            Label("職員のデータを書き出す・消す", "Export and erase people's data"),
            ("hr",),
        ),
        Permission(
            "stewardship.retention", Label("保存期間を決める", "Set retention periods"), ("hr",)
        ),
    ]


@hookimpl
def models() -> Sequence[type[Model]]:
    """Rules, disposal records, receipts."""
    return MODELS


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The pages."""
    return [retention_views.blueprint]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """Under 管理, for HR."""
    return [
        MenuItem(Label("職員のデータ", "People's data"), "stewardship.find_person", "admin", 70),
        MenuItem(Label("保存期間と廃棄", "Retention"), "stewardship.retention", "admin", 72),
    ]


@hookimpl
def notices() -> Sequence[NoticeKind]:
    """Somebody's data were handed out."""
    return [HANDED_OUT]


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """What host and audit keep, which know no people themselves, and the receipts."""
    return core_subjects.records(ctx, running(), subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Erase settings and the values in the audit; the audit and the receipts remain."""
    return core_subjects.erase(ctx, subject)
