"""What people call the acts of files in the audit."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.specs.contributions import Label

ACTS: Mapping[str, Label] = MappingProxyType(
    {
        "files.attach": Label("ファイルを付けた", "Attached files"),
        "files.remove": Label("添付ファイルを外した", "Removed an attached file"),
    }
)
