"""What the rules say no with when a fiscal year is disposed of, and after it was (rule L6)."""

from typing import ClassVar

from niwari.errors import N_, Invalid
from niwari.ledger.errors.root import LedgerError


class YearDisposed(LedgerError):
    """The fiscal year was disposed of: nothing is entered into it any more."""

    rule: ClassVar[str] = "L6"
    text = N_(
        "%(year)s年度の台帳は、保存年限が過ぎて廃棄しました。この年度には、もう何も記録できません。"
    )
    field = "work_date"


class NothingToDispose(LedgerError):
    """There are no rows of the fiscal year."""

    rule: ClassVar[str] = "L6"
    text = N_("%(year)s年度の台帳はありません。")


class StillKept(LedgerError):
    """The fiscal year is within its 保存年限."""

    rule: ClassVar[str] = "L6"
    text = N_(
        "%(year)s年度は、まだ保存年限（%(years)s年）の中です。廃棄できるのは%(since)s年4月1日からです。"
    )


class YearOpen(LedgerError):
    """A period of the fiscal year is not closed, or something in it is not finished."""

    rule: ClassVar[str] = "L6"
    text = N_("%(year)s年度には、締めていない月があります。先に「月の締め」で締めてください。")


class CorrectionWaits(LedgerError):
    """A correction of the fiscal year waits for HR."""

    rule: ClassVar[str] = "L6"
    text = N_(
        "%(year)s年度には、答えを待っている訂正があります。先に「締めた月の訂正」で答えてください。"
    )


class OlderFirst(LedgerError):
    """An older fiscal year is still there."""

    rule: ClassVar[str] = "L6"
    text = N_("古い年度から順に廃棄します。先に%(older)s年度を廃棄してください。")


class AlreadyProposed(LedgerError):
    """A proposal for the fiscal year waits, or was agreed to."""

    rule: ClassVar[str] = "L6"
    text = N_("%(year)s年度の廃棄は、もう提案されています。「台帳の廃棄」で確かめてください。")


class SameOfficial(LedgerError):
    """Whoever proposed cannot agree."""

    rule: ClassVar[str] = "L6"
    status = 403
    text = N_("提案した人は承認できません。ほかの人事担当に頼んでください。")


class ProposalOver(LedgerError):
    """The proposal lapsed or was withdrawn."""

    rule: ClassVar[str] = "L6"
    text = N_(
        "この提案は、取り下げられたか、7日が過ぎて終わりました。必要なら、もう一度提案してください。"
    )


class AgreedAlready(LedgerError):
    """Somebody agreed meanwhile: the rows are being removed."""

    rule: ClassVar[str] = "L6"
    text = N_("この廃棄は、もう承認されています。")


class LedgerChanged(LedgerError):
    """The rows are not those of the file any more."""

    rule: ClassVar[str] = "L6"
    text = N_(
        "書き出したファイルと今の台帳が違います。提案のあとに台帳が変わりました。"
        "この提案を取り下げて、もう一度提案してください。"
    )


class NoDisposalReason(Invalid):
    """A reason is missing, or too long."""

    text = N_("廃棄する理由を、400文字以内で入力してください。")
    field = "reason"
