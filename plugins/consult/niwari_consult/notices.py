"""What people are told of questions."""

from typing import Final

from niwari.api import Label, NoticeKind

ANSWERED: Final = NoticeKind(
    "consult.answered",
    Label(
        "自分が聞いた相談、答えた相談に回答が付いたとき",
        "When a question that I asked or answered gets an answer",
    ),
    Label("「%(title)s」に回答が付きました。", "“%(title)s” has got an answer."),
    to_chat=True,
)
ACCEPTED: Final = NoticeKind(
    "consult.accepted",
    Label("自分の回答で相談が解決したとき", "When my answer solves a question"),
    Label("あなたの回答で「%(title)s」が解決しました。", "Your answer has solved “%(title)s”."),
)
ASKED: Final = NoticeKind(
    "consult.asked",
    Label("自分の業務についての相談が届いたとき", "When a question about my duties comes"),
    Label(
        "あなたの業務について、「%(title)s」という相談が届きました。",
        "A question about your duties has come: “%(title)s”.",
    ),
    default="daily",
)
KINDS: Final = (ASKED, ANSWERED, ACCEPTED)
