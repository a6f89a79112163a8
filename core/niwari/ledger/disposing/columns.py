"""The columns of the file of a fiscal year: those of the models, so that none can be forgotten.

A column is in the file unless it is left out here, with the reason. A test fails where one has no head.
"""

from collections.abc import Mapping
from typing import Any

from peewee import Case

from niwari.ledger.models import DISCREET_ACTIVITY
from niwari.specs.contributions import Label

Column = tuple[Label, Any]
"""The head, and what is selected."""

LEFT_OUT: Mapping[str, str] = {
    "municipality": "the whole file is of one, which its name says",
    "form_key": "it only makes a double click one act",
    "decision_key": "it only makes a double click one act",
    "reminded": "it only says whom we wrote to",
    "discreet": "the default label says nothing of a class (L14)",
    "source_kind": "HR does not see the offer behind an entry (L14)",
    "source_id": "HR does not see the offer behind an entry (L14)",
    "joint_with": "HR does not see with whom somebody learns or consults (L14)",
    "reason": "words between the person and who answers",
    "decision_note": "words between the person and who answers",
    "ended_reason": "words between the person and who answers",
    "objection": "words between the person and who answers",
    "brought_home": "words for the section",
}
"""Columns that the file does not have, and why."""

HEADS: Mapping[str, Label] = {
    "id": Label("番号", "Number"),
    "person": Label("職員の番号", "Person"),
    "appointment": Label("職の番号", "Post"),
    "section": Label("所属の番号", "Section"),
    "request": Label("申込みの番号", "Request"),
    "account": Label("枠の番号", "Account"),
    "standing": Label("包括了承の番号", "Standing agreement"),
    "freeze": Label("停止の番号", "Freeze"),
    "kind": Label("種類", "Kind"),
    "activity": Label("活動の種類", "Class"),
    "counts": Label("枠に数える", "Counts"),
    "purpose": Label("すること", "Purpose"),
    "place": Label("場所", "Place"),
    "work_date": Label("日にち", "Day"),
    "day": Label("日にち", "Day"),
    "month": Label("月", "Month"),
    "hours": Label("勤務の時間", "Hours"),
    "rule": Label("繰り返し", "Recurrence"),
    "starts": Label("始まりの時刻（分）", "Start, in minutes of the day"),
    "ends": Label("終わりの時刻（分）", "End, in minutes of the day"),
    "first_day": Label("始まり", "Start"),
    "last_day": Label("終わり", "End"),
    "starts_on": Label("始まり", "Start"),
    "ends_on": Label("終わり", "End"),
    "starts_at": Label("始まり", "Start"),
    "ends_at": Label("終わり", "End"),
    "minutes": Label("分", "Minutes"),
    "former": Label("訂正前の分", "Minutes before"),
    "agreed_minutes": Label("了承された分", "Agreed minutes"),
    "attended_minutes": Label("主催者が確かめた分", "Minutes as the host says"),
    "used_delta": Label("使った分の増減", "Used"),
    "reserved_delta": Label("予定の分の増減", "Reserved"),
    "base": Label("勤務時間（分）", "Base"),
    "cap": Label("枠（分）", "Allowance"),
    "used": Label("使った分", "Used"),
    "reserved": Label("予定の分", "Reserved"),
    "allowance": Label("日を決めない枠", "Without dates"),
    "state": Label("状態", "State"),
    "after_fact": Label("あとからの申込み", "After the fact"),
    "after_closing": Label("締めたあと", "After closing"),
    "left_out": Label("入らなかった回", "What was left out"),
    "travel_for": Label("本体の申込みの番号", "Main request"),
    "travel": Label("移動の行き・帰り", "Way there or back"),
    "requested_at": Label("申し込んだ日時", "Asked at"),
    "asked_at": Label("頼んだ日時", "Asked at"),
    "asked_by": Label("頼んだ人の職の番号", "Asked by post"),
    "entered_by": Label("代理入力した人の職の番号", "Entered by post"),
    "objected_at": Label("異議を伝えた日時", "Objected at"),
    "decided_at": Label("答えた日時", "Answered at"),
    "decided_by": Label("答えた人の職の番号", "Answered by post"),
    "on_behalf_of": Label("代わりに答えた所属長の職の番号", "Answered for post"),
    "reviewed_at": Label("後閲した日時", "Seen afterwards at"),
    "reagree_since": Label("了承し直しを待ち始めた日", "Waits for a new OK since"),
    "oral_by": Label("口頭で了承した人の職の番号", "Oral OK by post"),
    "oral_at": Label("口頭で了承した日時", "Oral OK at"),
    "oral_answer": Label("口頭の了承の確認", "Oral OK confirmed"),
    "oral_answered_at": Label("口頭の了承を確かめた日時", "Oral OK answered at"),
    "oral_answered_by": Label("口頭の了承を確かめた人の職の番号", "Oral OK answered by post"),
    "attended_at": Label("主催者が出席を確かめた日時", "Attendance confirmed at"),
    "ended_at": Label("終わった日時", "Ended at"),
    "ended_by": Label("終えた人の職の番号", "Ended by post"),
    "ended_for": Label("代わりに終えた所属長の職の番号", "Ended for post"),
    "posted_at": Label("記帳した日時", "Posted at"),
    "posted_by": Label("記帳した人の職の番号", "Posted by post"),
    "reverses": Label("取り消した記帳の番号", "Reverses"),
    "replaces": Label("置き換えた記帳の番号", "Replaces"),
    "entry": Label("記帳の番号", "Posting"),
    "original": Label("元の記帳の番号", "Original posting"),
    "taken_back_at": Label("訂正で取り消した日時", "Taken back at"),
    "noted_at": Label("届いた日時", "Noted at"),
    "settled_at": Label("確認した日時", "Settled at"),
    "settled_by": Label("確認した人の職の番号", "Settled by post"),
    "imported_at": Label("取り込んだ日時", "Imported at"),
    "closed_at": Label("締めた日時", "Closed at"),
    "closed_by": Label("締めた人の職の番号", "Closed by post"),
    "corrected_at": Label("訂正した日時", "Corrected at"),
    "people": Label("職員の数", "People"),
    "lapsed": Label("記録なしで終了", "Lapsed"),
}
"""What a column is called in the file, by its name in the models."""

_UNCONFIRMED = Label("未確認", "Not confirmed")
_WAITS = {"oral_answer": "waiting"}
_DISCREET = {"activity": DISCREET_ACTIVITY, "purpose": ""}


def columns_of(model: Any, *, waits: Mapping[str, str] = _WAITS) -> tuple[Column, ...]:
    """Return the columns of a model in the file, its id first.

    ``waits`` names values that stand for what nobody confirmed, by column: the file says 未確認.
    """
    return tuple(
        (HEADS.get(field.name, Label(field.name, field.name)), _value(model, field, waits))
        for field in model._meta.sorted_fields
        if field.name not in LEFT_OUT
    )


def _value(model: Any, field: Any, waits: Mapping[str, str]) -> Any:
    if field.name in waits:
        return Case(field, ((waits[field.name], _UNCONFIRMED.ja),), field)
    # The file says no more of a discreet class than any page (L14).
    if field.name in _DISCREET and "discreet" in model._meta.fields:
        return Case(None, ((model.discreet, _DISCREET[field.name]),), field)
    return field
