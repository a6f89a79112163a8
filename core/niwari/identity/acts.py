"""What people call the acts of sign-in and roles in the audit."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.specs.contributions import Label

ACTS: Mapping[str, Label] = MappingProxyType(
    {
        "identity.act": Label("所属を切り替えた", "Switched to another post"),
        "identity.bound": Label(
            "サインインのアカウントを職員と結び付けた", "Linked a sign-in account to a person"
        ),
        "identity.unbound": Label(
            "サインインのアカウントとの結び付きを外した", "Unlinked a person's sign-in accounts"
        ),
        "identity.change_permissions": Label("役割の権限を変えた", "Changed what roles may do"),
        "identity.confirm": Label("本人確認をした", "Showed again who they are"),
        "identity.provider_logout": Label(
            "サインインの窓口からサインアウトされた", "Was signed out by the sign-in provider"
        ),
        "identity.provider_add": Label("サインインの窓口を登録した", "Added a sign-in provider"),
        "identity.provider_edit": Label("サインインの窓口を変えた", "Changed a sign-in provider"),
        "identity.provider_activate": Label(
            "サインインの窓口を使えるようにした", "Let a sign-in provider be used"
        ),
        "identity.provider_deactivate": Label(
            "サインインの窓口を止めた", "Stopped a sign-in provider"
        ),
        "identity.provider_end": Label(
            "サインインの窓口を止め、その窓口でのサインインとトークンを終わらせた",
            "Stopped a sign-in provider and ended its sessions and tokens",
        ),
        "identity.token_maker_gone": Label(
            "市町村のAPIトークンを作った人が担当でなくなった",
            "The maker of a municipality's API token is no longer in charge",
        ),
        "identity.token_maker_back": Label(
            "市町村のAPIトークンを作った人が担当に戻った",
            "The maker of a municipality's API token is in charge again",
        ),
        "identity.revoke_role": Label("役割を外した", "Took a role away"),
        "identity.create_token": Label("APIのトークンを作った", "Made an API token"),
        "identity.grant_role": Label("役割を付けた", "Granted a role"),
        "identity.renew_token": Label("APIのトークンを作り直した", "Made an API token anew"),
        "identity.revoke_token": Label("APIのトークンを取り消した", "Revoked an API token"),
        "identity.sign_out_other": Label(
            "ほかの端末を1台サインアウトした", "Signed out another device"
        ),
        "identity.sign_out_others": Label(
            "ほかの端末をすべてサインアウトした", "Signed out all other devices"
        ),
    }
)
