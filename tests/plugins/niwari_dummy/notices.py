"""What people are told of notes."""

from niwari.api import Label, NoticeKind

ANSWERED = NoticeKind(
    "dummy.answered",
    Label("自分の伝言に返事がついたとき", "When somebody replies to my note"),
    Label(
        "「%(title)s」に返事がつきました（%(count)s件目）。",
        "“%(title)s” has got reply number %(count)s.",
    ),
    values=("count",),
    to_chat=True,
)

KINDS = (ANSWERED,)
