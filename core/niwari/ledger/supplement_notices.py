"""What the ledger tells people of minutes beyond an agreement (rule L17): its kinds of notices."""

from niwari.specs.contributions import Label, NoticeKind

SUPPLEMENT = NoticeKind(
    "ledger.supplement",
    Label(
        "了承より長い記録が届いたとき（所属長と代決者）",
        "When somebody records more than your OK (for heads and their stand-ins)",
    ),
    Label(
        "%(month)s月%(day)s日の「%(activity)s」が、了承より長く記録されました。長い分を認めるかどうか、答えてください。",
        "More than your OK was recorded for %(month)s/%(day)s (%(activity)s). Please answer.",
    ),
    ("month", "day", "activity"),
    endpoint="ledger.approvals",
)
SUPPLEMENT_ANSWERED = NoticeKind(
    "ledger.supplement_answered",
    Label(
        "了承より長く記録した分に答えがあったとき",
        "When your head answers what you recorded beyond the OK",
    ),
    Label(
        "%(month)s月%(day)s日の「%(activity)s」で了承より長く記録した分に、答えがありました（%(answer)s）。",
        "What you recorded beyond the OK for %(month)s/%(day)s (%(activity)s) is answered: %(answer)s.",
    ),
    ("month", "day", "activity", "answer"),
    discreet=True,
    endpoint="ledger.month",
)
