"""What the admin pages contribute through the hooks."""

from collections.abc import Sequence
from dataclasses import replace

from niwari.admin import (
    audit_views,
    import_views,
    job_views,
    permission_views,
    region_role_views,
    role_views,
    transfer_views,
)
from niwari.admin.models import MODELS
from niwari.admin.notices import KINDS
from niwari.context import Context
from niwari.db import Model
from niwari.directory.transfers.listing import stuck_in
from niwari.directory.transfers.towns import is_planning
from niwari.host.blueprint import Blueprint
from niwari.host.town_state import state_of
from niwari.specs import hookimpl
from niwari.specs.contributions import Label, MenuItem, NoticeKind, Permission


@hookimpl
def permissions() -> Sequence[Permission]:
    """Municipal IT chooses the features of its municipality; the secretariat sees the region's."""
    return [
        Permission("admin.features", Label("使う機能を設定する", "Choose features"), ("it",)),
        Permission(
            "admin.matrix",
            Label("市町村ごとの機能を見る", "See features by town"),
            ("secretariat",),
        ),
        Permission("admin.audit", Label("監査の記録を見る", "Read the audit"), ("auditor",)),
        Permission(
            "admin.my_settings", Label("自分の設定を変える", "Change own settings"), ("staff",)
        ),
    ]


@hookimpl
def models() -> Sequence[type[Model]]:
    """What municipal IT was told of."""
    return MODELS


@hookimpl
def notices() -> Sequence[NoticeKind]:
    """A part of a feature went dark, a job fails again and again."""
    return KINDS


@hookimpl
def routes() -> Sequence[Blueprint]:
    """The pages under 管理: they share one blueprint."""
    pages = (
        audit_views,
        import_views,
        job_views,
        permission_views,
        role_views,
        region_role_views,
        transfer_views,
    )
    return list({views.blueprint.name: views.blueprint for views in pages}.values())


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """Under 管理, for those who have it; badges count what is in quarantine or stuck here."""
    town = (ctx.municipality.id, ctx.municipality.revision)
    dark = state_of(*town).dark
    planned = MenuItem(
        Label("異動の予定", "Planned transfers"), "admin.transfer_settings", "admin", 65
    )
    if is_planning(ctx):
        planned = replace(planned, endpoint="admin.transfers", badge=stuck_in(*town) or None)
    return [
        MenuItem(Label("使う機能の設定", "Choose features"), "admin.features", "admin", 10),
        MenuItem(
            Label("機能の調子", "Feature health"), "admin.health", "admin", 20, len(dark) or None
        ),
        MenuItem(Label("定期処理と動作状況", "Jobs and health"), "admin.jobs", "admin", 25),
        MenuItem(Label("市町村ごとの機能", "Features by town"), "admin.matrix", "admin", 30),
        MenuItem(Label("だれが何をできるか", "Who may do what"), "admin.permissions", "admin", 40),
        MenuItem(Label("役割を持つ職員", "People with roles"), "admin.roles", "admin", 50),
        MenuItem(Label("広域圏の役割", "The region's roles"), "admin.region_roles", "admin", 55),
        MenuItem(Label("ファイルの取込み", "Import files"), "admin.import_files", "admin", 60),
        planned,
        MenuItem(Label("記録（監査）", "Audit record"), "admin.audit", "admin", 68),
    ]
