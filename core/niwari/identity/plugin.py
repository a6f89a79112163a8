"""What identity contributes through the hooks."""

from collections.abc import Iterable, Sequence

from niwari.context import Context
from niwari.db import Model
from niwari.host.blueprint import Blueprint
from niwari.identity import subjects
from niwari.identity.models import MODELS
from niwari.identity.providers import views as provider_views
from niwari.identity.providers.scope import MANAGE, MANAGE_REGION
from niwari.identity.roles.rules import CHANGE_REGION_ROLES, CHANGE_ROLES, SEE_ROLES
from niwari.identity.sign_in import confirm_views, logout_views
from niwari.specs import hookimpl
from niwari.specs.contributions import Label, MenuItem, Permission, Receipt, Record, Subject


@hookimpl
def permissions() -> Sequence[Permission]:
    """Everybody looks after their own sessions and posts; municipal IT after roles and providers."""
    return [
        Permission(
            "identity.sessions",
            Label("自分がサインイン中の端末を見る", "See the devices on which one is signed in"),
            ("staff",),
        ),
        Permission(
            "identity.act",
            Label("自分の所属を切り替える", "Switch between one's own posts"),
            ("staff",),
        ),
        Permission(
            "identity.permissions",
            Label("自分の権限を見る", "See what one may do oneself"),
            ("staff",),
        ),
        Permission(
            SEE_ROLES,
            Label("だれが何をできるかを見る", "See who may do what"),
            ("it", "hr"),
        ),
        Permission(
            CHANGE_ROLES,
            Label("役割を付け外しし、役割の権限を変える", "Give roles and change what they may do"),
            ("it",),
        ),
        Permission(
            CHANGE_REGION_ROLES,
            Label("広域圏の役割を付け外しする", "Give and take the region's roles"),
            ("secretariat",),
        ),
        Permission(
            MANAGE,
            Label("サインインの窓口を設定する", "Set up sign-in providers"),
            ("secretariat", "it"),
        ),
        Permission(
            MANAGE_REGION,
            Label("広域圏のサインインの窓口を設定する", "Set up the region's sign-in providers"),
            ("secretariat",),
        ),
        Permission(
            "identity.confirm",
            Label("本人であることを確かめてもらう", "Show again who one is"),
            ("staff",),
        ),
        Permission(
            "identity.tokens",
            Label("自分のAPIトークンを作る", "Make one's own API tokens"),
            ("staff",),
        ),
        Permission(
            "identity.system_tokens",
            Label("市町村のAPIトークンを作る", "Make the municipality's API tokens"),
            ("it",),
        ),
    ]


@hookimpl
def routes() -> Sequence[Blueprint]:
    """Sign-in, sign-out, one's own sessions and posts, and the providers."""
    # Each module of views adds its pages to the one blueprint.
    (blueprint,) = {v.blueprint for v in (confirm_views, logout_views, provider_views)}
    return [blueprint]


@hookimpl
def navigation(ctx: Context) -> Sequence[MenuItem]:
    """Under 管理, for those who have it."""
    return [
        MenuItem(Label("サインインの窓口", "Sign-in providers"), "identity.providers", "admin", 70)
    ]


@hookimpl
def models() -> Sequence[type[Model]]:
    """Sessions, providers, bound identities, roles, and the development provider's tables."""
    return MODELS


@hookimpl
def export_data(ctx: Context, subject: Subject) -> Iterable[Record]:
    """Sessions, the accounts of sign-in, tokens, roles; no secret of them."""
    return subjects.records(subject)


@hookimpl
def erase_data(ctx: Context, subject: Subject) -> Receipt:
    """Erase sessions and tokens, and what belonged to posts that have ended."""
    return subjects.erase(ctx, subject)
