"""What people call the acts of the ledger in the audit."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.specs.contributions import Label

ACTS: Mapping[str, Label] = MappingProxyType(
    {
        "ledger.ask": Label("20%の時間を申し込んだ", "Asked for 20% time"),
        "ledger.ask_again": Label("申込みを直して出し直した", "Changed a request and asked again"),
        "ledger.withdraw": Label("申込みを取り下げた", "Withdrew a request"),
        "ledger.agree": Label("申込みを了承した", "Agreed to a request"),
        "ledger.return": Label("申込みを「相談して直す」にした", "Answered a request: discuss"),
        "ledger.decline": Label(
            "申込みを「今回は見送り」にした", "Answered a request: not this time"
        ),
        "ledger.enter": Label("申込みを代理入力した", "Entered a request for somebody"),
        "ledger.refused_for": Label(
            "ほかの職員の分の申込みが断られた", "Was refused a request for somebody"
        ),
        "ledger.enter_record": Label("記録を代理入力した", "Entered a record for somebody"),
        "ledger.hand_over": Label(
            "異動した職員の申込みを新しい所属に移した", "Handed requests over after a transfer"
        ),
        "ledger.reagree": Label("異動してきた職員の予定を了承した", "Agreed anew after a transfer"),
        "ledger.call_off": Label("了承済みの予定を取りやめた", "Called off what was agreed"),
        "ledger.let_go": Label(
            "在職しなくなったため申込みを終えた", "Ended a request because its person left"
        ),
        "ledger.object": Label("代理入力に異議を伝えた", "Objected to what was entered"),
        "ledger.note_oral": Label("口頭の了承を書きとめた", "Noted an oral OK"),
        "ledger.confirm_oral": Label("口頭の了承を確かめた", "Confirmed an oral OK"),
        "ledger.deny_oral": Label("口頭の了承に「了承していません」と答えた", "Denied an oral OK"),
        "ledger.revoke": Label("了承した時間を取りやめた", "Called off agreed time"),
        "ledger.shorten": Label("了承した時間を短くした", "Shortened agreed time"),
        "ledger.record": Label("使った時間を記録した", "Recorded the time used"),
        "ledger.bring_home": Label("持ち帰りを書いた", "Said what was brought home"),
        "ledger.take_line_back": Label("持ち帰りを消した", "Took back what was brought home"),
        "ledger.correct": Label("記録を訂正した", "Corrected a record"),
        "ledger.ask_correction": Label(
            "締めた月の訂正を依頼した", "Asked to correct a record of a closed month"
        ),
        "ledger.withdraw_correction": Label(
            "訂正の依頼を取り下げた", "Took a request to correct back"
        ),
        "ledger.approve_correction": Label(
            "締めた月の訂正を認めた", "Approved a correction of a closed month"
        ),
        "ledger.refuse_correction": Label(
            "締めた月の訂正を認めなかった", "Refused a correction of a closed month"
        ),
        "ledger.accept_supplement": Label(
            "了承より長く記録された分を認めた", "Accepted what was recorded beyond an OK"
        ),
        "ledger.refuse_supplement": Label(
            "了承より長く記録された分を認めなかった", "Refused what was recorded beyond an OK"
        ),
        "ledger.lapse": Label(
            "月の締めで、申込みを「記録なしで終了」にした", "Ended what was not recorded"
        ),
        "ledger.end_allowance": Label(
            "月の締めで、使いきらなかった枠の残りを終えた",
            "Ended what was left of an allowance at the month's end",
        ),
        "ledger.close": Label("月を締めた", "Closed a month"),
        "ledger.propose_disposal": Label(
            "年度の台帳の廃棄を提案した", "Proposed to dispose of a fiscal year"
        ),
        "ledger.take_disposal_file": Label(
            "廃棄する年度の台帳のファイルを受け取った",
            "Took the file of a fiscal year to be disposed of",
        ),
        "ledger.withdraw_disposal": Label(
            "年度の台帳の廃棄の提案を取り下げた", "Withdrew a proposal to dispose of a fiscal year"
        ),
        "ledger.agree_disposal": Label(
            "年度の台帳の廃棄を承認した", "Agreed to dispose of a fiscal year"
        ),
        "ledger.dispose": Label("年度の台帳を廃棄した", "Disposed of a fiscal year"),
        "ledger.settle_late_base": Label(
            "締めたあとに届いた休暇・勤務を確認済みにした", "Saw hours that arrived after closing"
        ),
        "ledger.set_rate": Label("使える割合を決めた", "Set the share of time"),
        "ledger.end_rate": Label("使える割合の終わりを決めた", "Ended a share of time"),
        "ledger.choose": Label("20%の決まりを変えた", "Changed what holds for 20% time"),
        "ledger.choose_period": Label("枠を数える期間を変えた", "Changed the kind of period"),
        "ledger.set_basis": Label("活動の法的な根拠を決めた", "Set the legal basis of an activity"),
        "ledger.freeze": Label("20%の時間を止めた", "Stopped 20% time"),
        "ledger.lift_freeze": Label("20%の時間を再開した", "Let 20% time go on"),
        "ledger.suspend": Label("了承済みの予定を止めた", "Suspended an agreed request"),
        "ledger.revive": Label("止まった予定をあらためて了承した", "Revived a suspended request"),
        "ledger.import_patterns": Label("勤務の型を取り込んだ", "Imported working patterns"),
        "ledger.import_roster": Label("1日ごとの勤務を取り込んだ", "Imported single days of work"),
        "ledger.import_overtime": Label("時間外勤務を取り込んだ", "Imported overtime"),
        "ledger.take_report": Label(
            "20%の集計や控えをファイルで受け取った", "Took a report as a file"
        ),
        "ledger.import_leave": Label("休暇を取り込んだ", "Imported leave"),
        "ledger.ask_standing": Label("包括了承を申し込んだ", "Asked for a standing agreement"),
        "ledger.ask_standing_again": Label(
            "包括了承の申込みを直して出し直した", "Changed a standing agreement and asked again"
        ),
        "ledger.withdraw_standing": Label("包括了承を取り下げた", "Withdrew a standing agreement"),
        "ledger.agree_standing": Label("包括了承の申込みを了承した", "Gave a standing agreement"),
        "ledger.return_standing": Label(
            "包括了承の申込みを「相談して直す」にした", "Answered a standing agreement: discuss"
        ),
        "ledger.decline_standing": Label(
            "包括了承の申込みを「今回は見送り」にした",
            "Answered a standing agreement: not this time",
        ),
        "ledger.revoke_standing": Label(
            "包括了承のこれからの予定を取りやめた", "Called off the rest of a standing agreement"
        ),
        "ledger.suspend_standing": Label(
            "残りが足りず、包括了承の予定を停止した",
            "Suspended time of a standing agreement, as too little was left",
        ),
        "ledger.draw": Label(
            "日にちを決めない包括了承で使った時間を記録した", "Recorded time from an allowance"
        ),
        "ledger.attended": Label("出席を確かめた", "Confirmed that somebody was there"),
        "ledger.absent": Label("主催者として欠席にした", "Said as a host that somebody was absent"),
        "ledger.cancel": Label("欠席を伝えた", "Said that they are absent"),
        "ledger.take_absence_back": Label(
            "主催者として欠席を取り消した", "Took back as a host that somebody was absent"
        ),
        "ledger.review": Label("代決者の答えを見た（後閲）", "Saw an answer given in one's place"),
        "ledger.avoid": Label("避けてほしい期間を決めた", "Named days to avoid"),
        "ledger.change_avoidance": Label("避けてほしい期間を変えた", "Changed days to avoid"),
        "ledger.end_avoidance": Label("避けてほしい期間を終わりにした", "Ended days to avoid"),
    }
)
