"""What people call the acts of the calendar in the audit."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.specs.contributions import Label

ACTS: Mapping[str, Label] = MappingProxyType(
    {
        "calendar.make_feed": Label(
            "カレンダーの購読用アドレスを作った", "Made an address for a calendar subscription"
        ),
        "calendar.end_feed": Label(
            "カレンダーの購読用アドレスを止めた", "Ended the address of a calendar subscription"
        ),
    }
)
