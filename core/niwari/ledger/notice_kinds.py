"""What the ledger tells people of: its kinds of notices."""

from niwari.ledger.supplement_notices import SUPPLEMENT, SUPPLEMENT_ANSWERED
from niwari.specs.contributions import Label, NoticeKind

WAITS = NoticeKind(
    "ledger.waits",
    Label(
        "了承を待つ申込みが届いたとき（所属長と代決者）",
        "When a request waits for your OK (for heads and their stand-ins)",
    ),
    Label(
        "%(month)s月%(day)s日の「%(activity)s」の申込みが、あなたの了承を待っています。",
        "A request for %(month)s/%(day)s (%(activity)s) waits for your OK.",
    ),
    ("month", "day", "activity"),
    endpoint="ledger.approvals",
)
DECIDED = NoticeKind(
    "ledger.decided",
    Label("自分の申込みに答えがあったとき", "When your request is answered"),
    Label(
        "%(month)s月%(day)s日の「%(activity)s」の申込みに、答えがありました（%(answer)s）。",
        "Your request for %(month)s/%(day)s (%(activity)s) is answered: %(answer)s.",
    ),
    ("month", "day", "activity", "answer"),
    discreet=True,
    endpoint="ledger.month",
)
LAPSED = NoticeKind(
    "ledger.lapsed",
    Label(
        "月が締まり、記録や答えのない申込みが終わったとき",
        "When a month closes and what you did not record ends",
    ),
    Label(
        "%(month)s月が締まり、記録や答えのなかった申込み%(count)s件が終わりました。",
        "Month %(month)s is closed. What was not recorded or not answered (%(count)s) has ended.",
    ),
    ("month", "count"),
    discreet=True,
    endpoint="ledger.month",
)
CORRECTION = NoticeKind(
    "ledger.correction",
    Label("締めた月の訂正に答えがあったとき", "When HR answers a correction of yours"),
    Label(
        "%(month)s月%(day)s日の「%(activity)s」の記録の訂正に、人事担当が答えました（%(answer)s）。",
        "HR answered the correction of your record of %(month)s/%(day)s (%(activity)s): %(answer)s.",
    ),
    ("month", "day", "activity", "answer"),
    discreet=True,
    endpoint="ledger.month",
)
FROZEN = NoticeKind(
    "ledger.frozen",
    Label(
        "20%の時間が災害などで止まったとき（所属長）",
        "When 20% time is stopped, as after a disaster (for heads)",
    ),
    Label(
        "人事担当が20パーセントの時間を止めました（理由：%(reason)s）。再開するまで、新しい申込みも了承もできません。",
        "HR stopped 20 percent time (%(reason)s). Until it goes on nothing can be asked for or agreed to.",
    ),
    ("reason",),
    endpoint="ledger.approvals",
)
SUSPENDED = NoticeKind(
    "ledger.suspended",
    Label("自分の予定が災害などで止まったとき", "When your planned 20% time is stopped"),
    Label(
        "人事担当が20パーセントの時間を止めたため、あなたの予定も止まりました（理由：%(reason)s）。時間は枠に戻りました。",
        "HR stopped 20 percent time (%(reason)s), and your plans with it. The minutes are yours again.",
    ),
    ("reason",),
    endpoint="ledger.month",
)
REVIVE = NoticeKind(
    "ledger.revive",
    Label(
        "20%の時間が再開し、止まった予定の了承が待っているとき（所属長と代決者）",
        "When 20% time goes on and suspended plans wait for your OK (for heads and their stand-ins)",
    ),
    Label(
        "人事担当が20パーセントの時間を再開しました。止まっている予定を、あらためて了承してください。",
        "20 percent time goes on. Please give your OK to the plans that were suspended.",
    ),
    (),
    endpoint="ledger.approvals",
)
ENTERED = NoticeKind(
    "ledger.entered",
    Label(
        "庶務担当などが自分の分を入力したとき",
        "When a section clerk or a colleague enters something for you",
    ),
    Label(
        "%(month)s月%(day)s日の「%(activity)s」の%(what)sが、代わりに入力されました。"
        "違うときは、開いて「異議を伝える」を押してください。",
        "For %(month)s/%(day)s (%(activity)s) the following was entered for you: %(what)s. "
        "Open it to object if it is wrong.",
    ),
    ("month", "day", "activity", "what"),
    discreet=True,
    endpoint="ledger.month",
)
OBJECTED = NoticeKind(
    "ledger.objected",
    Label(
        "代理入力に本人が異議を伝えたとき（所属長）",
        "When somebody objects to what was entered for them (for heads)",
    ),
    Label(
        "%(month)s月%(day)s日の「%(activity)s」の代理入力に、本人から異議がありました。",
        "Somebody objects to what a clerk entered for %(month)s/%(day)s (%(activity)s).",
    ),
    ("month", "day", "activity"),
    endpoint="ledger.objections",
)
OBJECTED_TO_CLERK = NoticeKind(
    "ledger.objected_to_clerk",
    Label(
        "自分の代理入力に本人が異議を伝えたとき（庶務担当）",
        "When somebody objects to what you entered for them (for clerks)",
    ),
    Label(
        "%(month)s月%(day)s日の「%(activity)s」の代理入力に、本人から異議がありました。",
        "Somebody objects to what you entered for %(month)s/%(day)s (%(activity)s).",
    ),
    ("month", "day", "activity"),
    endpoint="ledger.entering",
)
TRANSFERRED = NoticeKind(
    "ledger.transferred",
    Label(
        "異動してきた職員に、前の所属で了承された予定があるとき（所属長と代決者）",
        "When somebody who was transferred brings along what was agreed (for heads)",
    ),
    Label(
        "異動してきた職員に、前の所属で了承された予定が%(count)s件あります。引き続き了承するか選んでください。",
        "Somebody who was transferred to you has agreed plans (%(count)s). Agree anew or call off.",
    ),
    ("count",),
    endpoint="ledger.transferred",
)
REAGREED = NoticeKind(
    "ledger.reagreed",
    Label(
        "異動のあと、新しい所属長が予定を了承したとき",
        "When your new head agrees anew to what was agreed",
    ),
    Label(
        "異動の前に了承された予定%(count)s件を、新しい所属長が引き続き了承しました。",
        "Your new head agreed anew to what was agreed before your transfer (%(count)s).",
    ),
    ("count",),
    discreet=True,
    endpoint="ledger.month",
)
LET_GO = NoticeKind(
    "ledger.let_go",
    Label(
        "ほかの市町村に異動して、前の予定が終わったとき",
        "When your plans ended because you moved to another municipality",
    ),
    Label(
        "%(town)sで申し込んだ予定%(count)s件は、異動のため終わりました。これからの分は、今の所属で申し込んでください。",
        "What you asked for at %(town)s (%(count)s) ended with your move. Ask anew where you work now.",
    ),
    ("town", "count"),
    discreet=True,
    endpoint="ledger.month",
)

REMINDER_DEPUTY = NoticeKind(
    "ledger.reminder_deputy",
    Label(
        "所属長の答えが遅れているとき（代決者）", "When the head's answer is late (for stand-ins)"
    ),
    Label(
        "所属長の答えを%(days)s開庁日待っている申込みや口頭の了承が、%(count)s件あります。"
        "所属長に声をかけるか、不在のときは代わりに答えてください。",
        "Requests or oral OKs that have waited for the head for %(days)s working days: %(count)s. "
        "Please speak to the head, or answer in the head's absence.",
    ),
    ("days", "count"),
    endpoint="ledger.approvals",
)
REMINDER = NoticeKind(
    "ledger.reminder",
    Label(
        "申込みへの答えや口頭の了承の確認が遅れているとき（所属長）",
        "When your answer or confirmation is late (for heads)",
    ),
    Label(
        "%(days)s開庁日たっても答えていない申込みや口頭の了承が、%(count)s件あります。",
        "Requests or oral OKs that have waited for %(days)s working days: %(count)s.",
    ),
    ("days", "count"),
    endpoint="ledger.approvals",
)
REVOKED = NoticeKind(
    "ledger.revoked",
    Label(
        "了承された時間が、取りやめになったとき、短くなったとき",
        "When agreed time is called off or shortened",
    ),
    Label(
        "所属長が、%(month)s月%(day)s日の「%(activity)s」の予定を変えました（%(answer)s）。",
        "Your head changed %(month)s/%(day)s (%(activity)s): %(answer)s.",
    ),
    ("month", "day", "activity", "answer"),
    discreet=True,
    endpoint="ledger.month",
)
ORAL_DENIED = NoticeKind(
    "ledger.oral_denied",
    Label(
        "書きとめた口頭の了承に、「了承していません」という答えがあったとき",
        "When an oral OK that you noted is denied",
    ),
    Label(
        "%(month)s月%(day)s日の「%(activity)s」の口頭の了承に、「了承していません」という答えがありました。",
        "The oral OK for %(month)s/%(day)s (%(activity)s) was denied.",
    ),
    ("month", "day", "activity"),
    discreet=True,
    endpoint="ledger.month",
)
ORAL = NoticeKind(
    "ledger.oral",
    Label(
        "確かめる口頭の了承が届いたとき（所属長と代決者）",
        "When an oral OK is to be confirmed (for heads and their stand-ins)",
    ),
    Label(
        "%(month)s月%(day)s日の「%(activity)s」に、口頭で了承をもらったという申込みがあります。確かめてください。",
        "An oral OK was noted for %(month)s/%(day)s (%(activity)s). Please confirm it.",
    ),
    ("month", "day", "activity"),
    endpoint="ledger.approvals",
)
OBJECTED_TO_ASKER = NoticeKind(
    "ledger.objected_to_asker",
    Label(
        "まとめて申し込んだ相手が異議を伝えたとき",
        "When a colleague objects to what you asked for them",
    ),
    Label(
        "%(month)s月%(day)s日の「%(activity)s」をまとめて申し込んだ相手から、異議がありました。",
        "A colleague objects to what you asked for together on %(month)s/%(day)s (%(activity)s).",
    ),
    ("month", "day", "activity"),
    endpoint="ledger.month",
)
KINDS = (
    WAITS,
    DECIDED,
    LAPSED,
    CORRECTION,
    FROZEN,
    SUSPENDED,
    REVIVE,
    ENTERED,
    OBJECTED,
    OBJECTED_TO_CLERK,
    OBJECTED_TO_ASKER,
    TRANSFERRED,
    REAGREED,
    LET_GO,
    REMINDER_DEPUTY,
    REMINDER,
    REVOKED,
    ORAL_DENIED,
    ORAL,
    SUPPLEMENT,
    SUPPLEMENT_ANSWERED,
)
