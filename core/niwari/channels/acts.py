"""What people call the acts about notices in the audit."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.specs.contributions import Label

ACTS: Mapping[str, Label] = MappingProxyType(
    {
        "channels.veto": Label(
            "メールでのお知らせの設定を変えた", "Changed the settings of notices by mail"
        ),
        "channels.send_again": Label(
            "届かなかったお知らせをもう一度送った", "Sent an undelivered notice again"
        ),
        "channels.give_up": Label(
            "届かなかったお知らせを送るのをやめた", "Gave up an undelivered notice"
        ),
    }
)
