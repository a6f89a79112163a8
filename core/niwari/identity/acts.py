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
