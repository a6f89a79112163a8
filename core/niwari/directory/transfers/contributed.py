"""What the directory contributes about planned transfers."""

from niwari.directory.transfers.models import SealedTransfer
from niwari.directory.transfers.towns import MANAGE, PLANNED
from niwari.specs.contributions import Label, Permission, Setting

MODELS = (SealedTransfer,)

PERMISSIONS = (
    Permission(
        MANAGE,
        Label("内示前の異動を預ける", "Keep transfers sealed until their release"),
        ("hr",),
    ),
)

SETTINGS = (
    Setting(
        PLANNED,
        Label("「異動の予定」を使う", "Use “Planned transfers”"),
        False,
    ),
)
