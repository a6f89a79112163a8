"""What people are told of spots and posts."""

from datetime import date
from typing import Final

from niwari.api import Label, NoticeKind

ASKED: Final = NoticeKind(
    "tourism_sns.asked",
    Label("投稿の承認を頼まれたとき", "When I am asked to release a post"),
    Label("「%(title)s」の公開の承認を頼まれました。", "You are asked to release “%(title)s”."),
)
RELEASED: Final = NoticeKind(
    "tourism_sns.released",
    Label("自分の投稿の公開が認められたとき", "When my post is released"),
    Label("「%(title)s」の公開が認められました。", "“%(title)s” is released."),
)
RETURNED: Final = NoticeKind(
    "tourism_sns.returned",
    Label("自分の投稿が戻されたとき", "When my post is returned"),
    Label(
        "「%(title)s」が戻されました。理由を見て直してください。",
        "“%(title)s” was returned. Read why, and mend it.",
    ),
)
READ_ALONG: Final = NoticeKind(
    "tourism_sns.read_along",
    Label("ほかの市町村の下書きを読むよう頼まれたとき", "When another town asks to read its draft"),
    Label(
        "「%(title)s」の下書きを読んでください。意見の締切は%(day)sです（なくても構いません）。",
        "Please read the draft “%(title)s”. Comments are open until %(day)s and not required.",
    ),
    values=("day",),
)
COMMENTED: Final = NoticeKind(
    "tourism_sns.commented",
    Label("自分の投稿の下書きに意見が付いたとき", "When somebody comments on my draft"),
    Label(
        "「%(title)s」の下書きに意見が付きました。", "There is a comment on the draft “%(title)s”."
    ),
)
WITHDRAWN: Final = NoticeKind(
    "tourism_sns.withdrawn",
    Label(
        "投稿に使った写真の承諾が取り消されたとき",
        "When the consent to a photo in a post is withdrawn",
    ),
    Label(
        "「%(title)s」に使った写真の承諾が取り消されました。投稿と書き出したものを確かめてください。",
        "The consent to a photo in “%(title)s” was withdrawn. Check the post and what was exported.",
    ),
)
KINDS: Final = (ASKED, RELEASED, RETURNED, READ_ALONG, COMMENTED, WITHDRAWN)


_DAY: Final = Label("%(year)d年%(month)d月%(day)d日", "%(year)d-%(month)02d-%(day)02d")


def in_words(day: date) -> Label:
    """Return a day for a sentence, in both languages."""
    values = {"year": day.year, "month": day.month, "day": day.day}
    return Label(_DAY.ja % values, _DAY.en % values)
