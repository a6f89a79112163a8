"""What people are told of notebooks and of posts that are handed over."""

from datetime import date
from typing import Final

from niwari.api import Label, NoticeKind

NAMED: Final = NoticeKind(
    "handover.named",
    Label("担当の後任が決まったとき", "When the successor of a post is named"),
    Label(
        "「%(title)s」の後任が決まりました。異動日は%(day)sです。",
        "The successor for “%(title)s” is named. The handover day is %(day)s.",
    ),
    values=("day",),
    discreet=True,
)
CALLED_OFF: Final = NoticeKind(
    "handover.called_off",
    Label("引継ぎが取りやめになったとき", "When a handover is called off"),
    Label("担当の引継ぎが取りやめになりました。", "The handover of a post was called off."),
    discreet=True,
    endpoint="handover.notebooks",
)
SUCCESSOR_LEFT: Final = NoticeKind(
    "handover.successor_left",
    Label("後任が異動日の前に退職したとき", "When a successor leaves before the handover day"),
    Label(
        "「%(title)s」の後任が異動日の前に退職しました。後任を決め直してください。",
        "The successor for “%(title)s” left before the handover day. Name another one.",
    ),
    discreet=True,
    endpoint="handover.notebooks",
)
BEGUN: Final = NoticeKind(
    "handover.begun",
    Label("引継ぎノートの担当者になったとき", "When I become holder of a handover notebook"),
    Label("「%(title)s」の担当者になりました。", "You now hold “%(title)s”."),
)
CONFIRMED: Final = NoticeKind(
    "handover.confirmed",
    Label("後任が引継ぎを確認したとき", "When a successor has confirmed a handover"),
    Label(
        "後任が「%(title)s」の引継ぎを確認しました。上司としての確認をお願いします。",
        "The successor confirmed the handover of “%(title)s”. Please confirm as superior.",
    ),
)
APPROVED: Final = NoticeKind(
    "handover.approved",
    Label("上司が引継ぎを確認したとき", "When the superior has confirmed a handover"),
    Label(
        "「%(title)s」の引継ぎが、上司の確認まで済みました。",
        "The handover of “%(title)s” is confirmed by the superior too.",
    ),
)
ASKED: Final = NoticeKind(
    "handover.asked",
    Label("引継ぎノートに質問が付いたとき", "When somebody asks in a handover notebook"),
    Label("「%(title)s」に質問が付きました。", "There is a question in “%(title)s”."),
)
ANSWERED: Final = NoticeKind(
    "handover.answered",
    Label("引継ぎノートの質問に答えが付いたとき", "When my question in a notebook is answered"),
    Label("「%(title)s」の質問に答えが付きました。", "Your question in “%(title)s” is answered."),
)
HELP_COMES: Final = NoticeKind(
    "handover.help",
    Label("前任の支援が了承されたとき", "When a predecessor's help is agreed to"),
    Label(
        "「%(title)s」の前任が%(minutes)sの支援に入ることを、前任の所属長が了承しました。",
        "The predecessor's head agreed to %(minutes)s of help for “%(title)s”.",
    ),
    values=("minutes",),
)
KINDS: Final = (
    NAMED,
    CALLED_OFF,
    SUCCESSOR_LEFT,
    BEGUN,
    CONFIRMED,
    APPROVED,
    ASKED,
    ANSWERED,
    HELP_COMES,
)


_DAY: Final = Label("%(year)d年%(month)d月%(day)d日", "%(year)d-%(month)02d-%(day)02d")
_HOURS, _MINUTES = Label("%d時間", "%d h"), Label("%d分", "%d min")


def in_words(day: date) -> Label:
    """Return a day for a sentence, in both languages."""
    values = {"year": day.year, "month": day.month, "day": day.day}
    return Label(_DAY.ja % values, _DAY.en % values)


def length(minutes: int) -> Label:
    """Return an amount of minutes for a sentence, in both languages."""
    parts = [
        (words, number)
        for words, number in zip((_HOURS, _MINUTES), divmod(minutes, 60), strict=True)
        if number or (words is _MINUTES and minutes == 0)
    ]
    return Label(
        "".join(words.ja % number for words, number in parts),
        " ".join(words.en % number for words, number in parts),
    )
