"""What people call the acts of this area in the audit."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.specs.contributions import Label

ACTS: Mapping[str, Label] = MappingProxyType(
    {
        "stewardship.hand_out": Label(
            "職員のデータを1つのファイルにまとめて渡した", "Handed out a person's data"
        ),
        "stewardship.erase": Label(
            "退職した職員のデータを消した", "Erased the data of a person who has left"
        ),
        "stewardship.retention": Label("保存期間を変えた", "Changed how long data are kept"),
        "stewardship.dispose": Label(
            "保存期間を過ぎたデータを廃棄した", "Disposed of data whose time was over"
        ),
    }
)
