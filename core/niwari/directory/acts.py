"""What people call the acts of the directory in the audit."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.specs.contributions import Label

ACTS: Mapping[str, Label] = MappingProxyType(
    {
        "directory.import": Label("職員と所属を取り込んだ", "Imported people and sections"),
        "directory.merge": Label("市町村を合併した", "Merged a municipality into another"),
        "directory.rename": Label(
            "市町村のコードと名前を変えた", "Changed a municipality's code and name"
        ),
        "region.join": Label("広域圏に加わった", "Joined a region"),
        "plugin.on": Label("機能を使えるようにした", "Switched a feature on"),
        "plugin.off": Label("機能を使わない設定にした", "Switched a feature off"),
        "plugin.paused": Label("機能を休止した", "Paused a feature"),
    }
)
