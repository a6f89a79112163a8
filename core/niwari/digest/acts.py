"""What people call the acts about the periodical in the audit."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.specs.contributions import Label

ACTS: Mapping[str, Label] = MappingProxyType(
    {
        "digest.choose": Label("広域通信の設定を変えた", "Changed the settings of the digest"),
        "digest.show": Label(
            "広域通信を職員に見せるかどうかを変えた", "Changed whether staff see the digest"
        ),
    }
)
