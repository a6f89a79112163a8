"""What the rules say no with when a host says who was there, or somebody is absent."""

from typing import ClassVar

from niwari.errors import N_
from niwari.ledger.errors.root import LedgerError


class NotBegun(LedgerError):
    """A host can tell who was there once it has begun."""

    rule: ClassVar[str] = "L18"
    text = N_("まだ始まっていません。始まってから、出席を確かめてください。")


class HostSaw(LedgerError):
    """The host has confirmed that the person was there."""

    rule: ClassVar[str] = "L18"
    text = N_("主催者が出席を確かめています。欠席だったときは、主催者に伝えてください。")


class NothingToCancel(LedgerError):
    """Only what is agreed to can be missed; what is not joined can be withdrawn before it begins."""

    rule: ClassVar[str] = "L18"
    text = N_(
        "欠席を伝えられるのは、了承され、まだ記録していない予定だけです。"
        "始まる前は、「取り下げる」を押してください。"
    )
