"""The templates of practice sheets: what general-affairs staff compare, item by item (R-018)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from niwari.api import Label


@dataclass(frozen=True, slots=True)
class Item:
    """A question of a template, with what is meant by it."""

    code: str
    label: Label
    hint: Label


@dataclass(frozen=True, slots=True)
class Template:
    """What towns fill in side by side."""

    code: str
    label: Label
    purpose: Label
    items: Sequence[Item]


TEMPLATES: Final = (
    Template(
        "inquiries",
        Label("照会回答の管理", "Keeping track of inquiries"),
        Label(
            "国や県、他団体からの照会を、漏れなく期限までに返す工夫。",
            "How inquiries of state, prefecture and other bodies are answered completely and in time.",
        ),
        (
            Item(
                "arrival",
                Label("届いたときの受け方", "How they arrive"),
                Label(
                    "どこに届き、だれが最初に見て、どこに記録しますか。",
                    "Where they arrive, who sees them first, where they are noted.",
                ),
            ),
            Item(
                "sharing",
                Label("課内への割り振り", "How they are assigned"),
                Label("担当の決め方と伝え方。", "How somebody is put in charge, and told."),
            ),
            Item(
                "deadline",
                Label("期限の管理", "Deadlines"),
                Label(
                    "一覧、予定表、声かけなど。課内の締切は何日前ですか。",
                    "Lists, calendars, reminders. How many days before is the section's own deadline?",
                ),
            ),
            Item(
                "checking",
                Label("回答前の確認", "Checking before answering"),
                Label(
                    "だれが、何を確かめてから出しますか。", "Who checks what before it goes out."
                ),
            ),
            Item(
                "keeping",
                Label("回答の残し方", "Keeping the answers"),
                Label("翌年に探せるようにする工夫。", "How they are found again next year."),
            ),
        ),
    ),
    Template(
        "mail",
        Label("メールの課内確認", "Mail within the section"),
        Label(
            "課の共有メールを、だれかが必ず見て、だれかが答えている状態にする工夫。",
            "How the section's shared mail is surely read, and surely answered.",
        ),
        (
            Item(
                "times",
                Label("確認する時刻と人", "When and who"),
                Label(
                    "1日に何回、だれが見ますか。休みの日の代わりは。",
                    "How often a day, by whom, and who stands in.",
                ),
            ),
            Item(
                "marking",
                Label("対応中の印", "Marking what is dealt with"),
                Label(
                    "フォルダ、色、返信の書き出しなど。",
                    "Folders, colours, first lines of replies.",
                ),
            ),
            Item(
                "forwarding",
                Label("担当への回し方", "Passing it on"),
                Label("転送、印刷、チャットなど。", "Forwarding, printing, chat."),
            ),
            Item(
                "left",
                Label("返事漏れの防ぎ方", "Nothing left unanswered"),
                Label(
                    "夕方の見直し、週に一度の棚卸しなど。", "A look in the evening, a weekly check."
                ),
            ),
        ),
    ),
    Template(
        "boards",
        Label("掲示板のルール", "Rules of the board"),
        Label(
            "庁内掲示板を、読まれる場所に保つ工夫。",
            "How the groupware's board stays a place that is read.",
        ),
        (
            Item(
                "where",
                Label("載せる場所の分け方", "Which board for what"),
                Label(
                    "掲示板とスペース、メールの使い分け。",
                    "Boards, spaces and mail: what goes where.",
                ),
            ),
            Item(
                "title",
                Label("題名の付け方", "Titles"),
                Label(
                    "【要回答】【周知】などの印、期限の書き方。",
                    "Marks such as [answer needed], and how a deadline is written.",
                ),
            ),
            Item(
                "term",
                Label("載せておく期間", "How long"),
                Label(
                    "掲載の終わりの決め方、古い記事の片付け。",
                    "When a post ends, and how old ones are tidied.",
                ),
            ),
            Item(
                "read",
                Label("読んだことの確かめ方", "Knowing that it was read"),
                Label("確認の印、課内での声かけなど。", "Ticks, asking around in the section."),
            ),
        ),
    ),
    Template(
        "documents",
        Label("文書の収受と供覧", "Receiving and circulating documents"),
        Label(
            "紙と電子の文書を、遅れずに必要な人が見るための工夫。",
            "How documents, on paper or not, reach those who need them without delay.",
        ),
        (
            Item(
                "register",
                Label("収受の記録", "Registering"),
                Label("番号の付け方、記録する人。", "How they are numbered, and by whom."),
            ),
            Item(
                "circulating",
                Label("供覧の順番", "Circulating"),
                Label("止まらないための工夫。", "How it does not get stuck."),
            ),
            Item(
                "filing",
                Label("綴じ方・保存先", "Filing"),
                Label("名前の付け方、フォルダの分け方。", "Names and folders."),
            ),
        ),
    ),
    Template(
        "absences",
        Label("休みと出張の共有", "Sharing absences"),
        Label(
            "だれがいないかを、窓口と電話で困らないように知る工夫。",
            "How everybody knows who is away, at the counter and on the telephone.",
        ),
        (
            Item(
                "calendar",
                Label("予定表の書き方", "The calendar"),
                Label("何を、いつまでに書きますか。", "What is entered, and by when."),
            ),
            Item(
                "cover",
                Label("代わりの決め方", "Who covers"),
                Label("電話、窓口、決裁の代わり。", "For telephone, counter and decisions."),
            ),
            Item(
                "sudden",
                Label("急な休みの伝え方", "Sudden absences"),
                Label(
                    "連絡の順番と、朝の動き方。",
                    "Who is called in which order, and what happens in the morning.",
                ),
            ),
        ),
    ),
)
TEMPLATES_BY_CODE: Final = {template.code: template for template in TEMPLATES}
