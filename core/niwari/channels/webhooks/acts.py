"""What people call the acts on webhooks in the audit."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.specs.contributions import Label

ACTS: Mapping[str, Label] = MappingProxyType(
    {
        "channels.webhook": Label(
            "チャットへのお知らせの設定を変えた", "Changed where notices go besides to people"
        ),
        "channels.webhook_again": Label(
            "チャットに届かなかったお知らせをもう一度送った",
            "Sent again what had not reached the chat",
        ),
    }
)
