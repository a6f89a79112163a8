"""How the ledger's codes are called on screens."""

from collections.abc import Mapping
from types import MappingProxyType

from niwari.ledger.models import State
from niwari.specs.contributions import Label

PLACE_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "head_office": Label("本庁舎", "Head office"),
        "branch": Label("支所・出先", "Branch office"),
        "home": Label("自宅", "Home"),
        "satellite": Label("サテライトオフィス", "Satellite office"),
        "other_municipality": Label("ほかの市町村", "Another municipality"),
    }
)

STATE_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        State.REQUESTED: Label("了承を待っています", "Waiting for OK"),
        State.AGREED: Label("了承済み", "OK"),
        State.PARTLY_AGREED: Label("短くして了承", "OK for less"),
        State.RETURNED: Label("相談して直す", "To discuss"),
        State.DECLINED: Label("今回は見送り", "Not this time"),
        State.WITHDRAWN: Label("取下げ", "Withdrawn"),
        State.RECORDED: Label("記録済み", "Recorded"),
        State.LAPSED: Label("記録なしで終了", "Ended without a record"),
        State.REVOKED: Label("業務都合による取りやめ", "Called off for duty"),
        State.SUSPENDED: Label("停止", "Suspended"),
        State.CANCELLED: Label("欠席", "Absent"),
    }
)

TRAVEL_LABELS: Mapping[str, Label] = MappingProxyType(
    {"there": Label("行き", "There"), "back": Label("帰り", "Back")}
)

CORRECTION_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "asked": Label("人事担当の答えを待っています", "Waiting for HR"),
        "posted": Label("訂正しました", "Corrected"),
        "refused": Label("訂正を認めませんでした", "Not accepted"),
        "withdrawn": Label("訂正を取り下げました", "Withdrawn"),
    }
)

SUPPLEMENT_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "pending": Label("所属長の答えを待っています", "Waiting for the head"),
        "accepted": Label("認めました", "Accepted"),
        "refused": Label("認めませんでした。私的な時間です", "Not accepted: private time"),
        "unconfirmed": Label("未確認のまま締まりました", "The month closed without an answer"),
    }
)
"""What became of minutes beyond an agreement (L17); unconfirmed is what waited when the month closed."""

LEAVE_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "annual": Label("年次休暇", "Annual leave"),
        "sick": Label("病気休暇", "Sick leave"),
        "special": Label("特別休暇", "Special leave"),
        "maternity": Label("産前産後休暇", "Maternity leave"),
        "childcare": Label("育児休業", "Childcare leave"),
        "partial": Label("部分休業", "Partial leave"),
        "care": Label("介護休暇", "Care leave"),
        "study": Label("修学部分休業等", "Study leave"),
        "grandchild": Label("孫のための休暇", "Grandchild leave"),
    }
)

PERIOD_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "month": Label("月", "Month"),
        "week": Label("週（月曜日から。3月31日で区切る）", "Week (from Monday, cut at 31 March)"),
        "quarter": Label("四半期", "Quarter"),
        "fiscal_year": Label("年度", "Fiscal year"),
    }
)

RATE_LEVEL_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "region": Label("広域圏", "Region"),
        "municipality": Label("市町村の全員", "Everybody of the municipality"),
        "section": Label("所属", "Section"),
        "person": Label("個人", "Person"),
    }
)

BASIS_LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "duty": Label("職務として行う", "Performed as duty"),
        "duty_order": Label("職務命令", "Duty order"),
        "training": Label("研修", "Training"),
        "exemption": Label("職務専念義務の免除", "Exemption from duty"),
        "business_trip": Label("出張（旅行命令）", "Business trip"),
        "dispatch": Label("派遣", "Dispatch"),
    }
)
