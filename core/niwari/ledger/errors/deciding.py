"""What the rules say no with when somebody answers, calls off, or a freeze holds."""

from typing import ClassVar

from niwari.errors import N_, Forbidden
from niwari.ledger.errors.root import LedgerError


class NothingAhead(LedgerError):
    """Nothing of the time agreed to is still to come."""

    rule: ClassVar[str] = "L4"
    text = N_("この時間はもう終わっています。取りやめられるのは、これからの分だけです。")


class PastStays(LedgerError):
    """More was to be taken away than is still to come."""

    rule: ClassVar[str] = "L4"
    text = N_(
        "過ぎた時間は取りやめられません。%(least)s以上、了承した%(agreed)sより短い長さを入力してください。"
    )
    field = "minutes"


class OverFree(LedgerError):
    """More was to be agreed to than is left."""

    rule: ClassVar[str] = "L3"
    text = N_("残りは%(free)sです。短くして了承するか、残りが増えるまで待ってください。")
    field = "minutes"


class OwnRequest(LedgerError):
    """Nobody agrees to their own request."""

    rule: ClassVar[str] = "L9"
    status = 403
    text = N_("自分の申込みを自分で了承することはできません。")


class NotTheApprover(Forbidden):
    """Somebody else answers for this request."""

    rule: ClassVar[str] = "L9"
    text = N_("この申込みに答えるのは、申し込んだ人の所属長です。")


class AlreadyDecided(LedgerError):
    """The request has been answered, or taken back, meanwhile."""

    rule: ClassVar[str] = "L2"
    text = N_("この申込みは、すでに処理されています。")


class GoesWithRequest(LedgerError):
    """A way stands and falls with its request."""

    rule: ClassVar[str] = "L16"
    text = N_("移動の時間は、本体の申込みと一緒に扱います。本体の申込みを開いてください。")


class Frozen(LedgerError):
    """A freeze of the municipality holds at that time."""

    rule: ClassVar[str] = "L13"
    text = N_(
        "20%%の時間は、今、止まっています（理由：%(reason)s）。人事担当が再開するまで、申込みも了承もできません。"
    )


class AlreadyFrozen(LedgerError):
    """Another freeze of the municipality holds already."""

    rule: ClassVar[str] = "L13"
    text = N_("20%%の時間は、もう止まっています（理由：%(reason)s）。")
