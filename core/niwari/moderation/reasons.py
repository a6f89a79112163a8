"""Why a post can be reported: the choices of the form."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.specs.contributions import Label

OTHER = "other"

REASONS: Mapping[str, Label] = MappingProxyType(
    {
        "personal": Label("個人情報が書かれている", "It holds personal data"),
        "insult": Label("悪口や中傷", "It insults somebody"),
        "off_topic": Label("業務に関係がない", "It has nothing to do with work"),
        "untrue": Label("事実と違う", "It is not true"),
        OTHER: Label("その他", "Something else"),
    }
)
"""By code, in the order of the form."""
