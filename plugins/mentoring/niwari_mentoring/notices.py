"""What people are told of their section, of open days, of pairs and of meetings."""

from datetime import date
from typing import Final

from niwari.api import Label, NoticeKind

ASKED: Final = NoticeKind(
    "mentoring.asked",
    Label("自分の所属に質問が届いたとき", "When my section is asked something"),
    Label(
        "あなたの所属の紹介に質問が届きました。働いている人なら、だれでも答えられます。",
        "Your section was asked a question. Anybody who works there can answer.",
    ),
    default="daily",
)
ANSWERED: Final = NoticeKind(
    "mentoring.answered",
    Label("所属への自分の質問に答えが届いたとき", "When a section answers my question"),
    Label(
        "行ってみたい所属への質問に、答えが届きました。",
        "Your question to a section has been answered.",
    ),
    discreet=True,
    private=True,
)
PAIR_ASKED: Final = NoticeKind(
    "mentoring.pair_asked",
    Label("学び合いのお願いが届いたとき", "When somebody asks to learn from me"),
    Label(
        "「%(title)s」について、学び合いのお願いが届きました。",
        "Somebody asks to learn with you: “%(title)s”.",
    ),
    discreet=True,
    private=True,
)
ACCEPTED: Final = NoticeKind(
    "mentoring.accepted",
    Label("学び合いのお願いが引き受けられたとき", "When my request to learn is accepted"),
    Label(
        "「%(title)s」のお願いが引き受けられました。面談の日を決めましょう。",
        "Your request “%(title)s” was accepted. Agree on a first meeting.",
    ),
    discreet=True,
    private=True,
)
DECLINED: Final = NoticeKind(
    "mentoring.declined",
    Label("学び合いのお願いに返事が届いたとき", "When my request to learn is answered"),
    Label(
        "「%(title)s」のお願いに返事が届きました。", "Your request “%(title)s” has been answered."
    ),
    discreet=True,
    private=True,
)
ENDED: Final = NoticeKind(
    "mentoring.ended",
    Label("学び合いのペアが終わったとき", "When a learning pair has ended"),
    Label("「%(title)s」のペアが終わりました。", "The pair “%(title)s” has ended."),
    discreet=True,
    private=True,
)
MEETING_SET: Final = NoticeKind(
    "mentoring.meeting_set",
    Label("ペアの面談が決まったとき、変わったとき", "When a meeting of my pair is set or moved"),
    Label("「%(title)s」の面談は%(day)sです。", "The meeting “%(title)s” is on %(day)s."),
    values=("day",),
    discreet=True,
    private=True,
)
MEETING_OFF: Final = NoticeKind(
    "mentoring.meeting_off",
    Label("ペアの面談が取りやめになったとき", "When a meeting of my pair is called off"),
    Label("%(day)sの面談は取りやめになりました。", "The meeting on %(day)s was called off."),
    values=("day",),
    discreet=True,
    private=True,
)
OPEN_DAY_MOVED: Final = NoticeKind(
    "mentoring.open_day_moved",
    Label(
        "申し込んだオープンカンパニーの日が変わったとき",
        "When an open-company day I signed up for is moved",
    ),
    Label(
        "申し込んだオープンカンパニーの日の日時か場所が変わり、%(day)sになりました。席はそのままです。",
        "An open-company day for which you have a seat was moved, to %(day)s. You keep the seat.",
    ),
    values=("day",),
    discreet=True,
    private=True,
)
OPEN_DAY_OFF: Final = NoticeKind(
    "mentoring.open_day_off",
    Label(
        "申し込んだオープンカンパニーの日が取りやめになったとき",
        "When an open-company day I signed up for is called off",
    ),
    Label(
        "%(day)sのオープンカンパニーの日は取りやめになりました。時間を申し込んであるときは、台帳で取り下げてください。",
        "The open-company day on %(day)s was called off. Withdraw the time that you asked for.",
    ),
    values=("day",),
    discreet=True,
    private=True,
)
KINDS: Final = (
    ASKED,
    ANSWERED,
    PAIR_ASKED,
    ACCEPTED,
    DECLINED,
    ENDED,
    MEETING_SET,
    MEETING_OFF,
    OPEN_DAY_MOVED,
    OPEN_DAY_OFF,
)

_DAY: Final = Label("%(year)d年%(month)d月%(day)d日", "%(year)d-%(month)02d-%(day)02d")


def in_words(day: date) -> Label:
    """Return a day for a sentence, in both languages."""
    values = {"year": day.year, "month": day.month, "day": day.day}
    return Label(_DAY.ja % values, _DAY.en % values)
