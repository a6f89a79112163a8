"""What people call the acts of the vault in the audit."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.specs.contributions import Label

ACTS: Mapping[str, Label] = MappingProxyType(
    {
        "vault.name_official": Label("開示担当に決めた", "Named a disclosure officer"),
        "vault.withdraw_official": Label("開示担当から外した", "Removed a disclosure officer"),
        "vault.opening_rule": Label("開示の決まりを変えた", "Changed the rule for disclosures"),
        "vault.ask_opening": Label("書き手の開示を求めた", "Asked for the disclosure of an author"),
        "vault.open": Label("書き手の開示を承認した", "Approved the disclosure of an author"),
        "vault.show_author": Label("開示された書き手を見た", "Looked at a disclosed author"),
    }
)
