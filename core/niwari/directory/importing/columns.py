"""The columns of files that are imported: what each is called and what it holds.

Importers, commands and pages take them from here, so the words are the same everywhere. The words
of the ledger's files stand beside its importers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from niwari.specs.contributions import Label


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column: ``name`` as the header has it, ``label`` for people, ``holds`` what stands in it.

    ``example`` is a cell or some. A file has to have it, unless it ``may_lack``. ``in_header`` is
    false for what a list of changes shows beside the columns of the file.
    """

    name: str
    label: Label
    holds: Label
    example: str = ""
    may_lack: bool = False
    in_header: bool = True


Columns = Sequence[FileColumn]


def needed(columns: Iterable[FileColumn]) -> tuple[str, ...]:
    """Return the names that a header has to have."""
    return tuple(one.name for one in columns if one.in_header and not one.may_lack)


def optional(columns: Iterable[FileColumn]) -> tuple[str, ...]:
    """Return the names that a header may have."""
    return tuple(one.name for one in columns if one.in_header and one.may_lack)


LOGIN = FileColumn(
    "login",
    Label("ログイン名", "Login"),
    Label("名前@市町村 の形。半角英数字", "Like name@town, in plain letters and digits"),
    "staff@koriyama",
)

_FIRST_DAY = Label("最初の日", "The first day")

PEOPLE: Columns = (
    FileColumn(
        "municipality",
        Label("市町村コード", "Municipality code"),
        Label("検査数字を含む6桁", "Six digits, with the check digit"),
        "072036",
    ),
    LOGIN,
    FileColumn("name", Label("氏名", "Name"), Label("100文字まで", "Up to 100 characters")),
    FileColumn(
        "kana",
        Label("よみがな", "Reading"),
        Label(
            "ひらがな。並べ替えと検索に使います。カタカナが混ざると、分かれて並びます",
            "In hiragana, for order and search; what is in katakana stands apart",
        ),
        "しょくいんいち",
    ),
    FileColumn(
        "email",
        Label("メールアドレス", "E-mail"),
        Label("なければ空欄", "Empty if there is none"),
    ),
    FileColumn(
        "section",
        Label("所属", "Section"),
        Label(
            "上の所属から順に / でつなぐ。始まりの日の名前で",
            "From the top down, joined by /, as called on the first day",
        ),
        "総務部/人事課",
    ),
    FileColumn(
        "head",
        Label("所属長", "Head"),
        Label(
            "所属長のログイン名。空欄なら、同じ所属のほかの行の所属長、なければ今の所属長、"
            "それもいなければ上の所属の所属長になります",
            "The head's login. If empty: the head in another line of the section, else the present "
            "one, else that of the section above",
        ),
        "head@koriyama",
    ),
    FileColumn(
        "employment",
        Label("任用の種類", "Employment"),
        Label(
            "full_time（常勤）、short_time（短時間勤務）、fiscal_year（会計年度任用）、"
            "reappointed（再任用）のどれか",
            "full_time, short_time, fiscal_year or reappointed",
        ),
    ),
    FileColumn("start", Label("始まり", "From"), _FIRST_DAY, "2026-04-01"),
    FileColumn(
        "end",
        Label("終わり", "To"),
        Label("最後の日。決まっていなければ空欄", "The last day; empty if not known"),
    ),
    FileColumn(
        "title",
        Label("職名", "Post"),
        Label("40文字まで", "Up to 40 characters"),
        may_lack=True,
    ),
    FileColumn(
        "stand_in",
        Label("代決の順", "Standing in"),
        Label(
            "所属長の不在時に答える順番。1が最初",
            "The rank among those who answer for an absent head; 1 comes first",
        ),
        may_lack=True,
    ),
    FileColumn(
        "clerk",
        Label("庶務担当", "Section clerk"),
        Label("庶務担当なら1", "1 for a section clerk"),
        may_lack=True,
    ),
    FileColumn(
        "duties",
        Label("業務", "Duties"),
        Label("所属が担う業務", "What the section does"),
        "戸籍・給与",
        may_lack=True,
    ),
    FileColumn(
        "main",
        Label("本務・兼務", "Main or concurrent"),
        Label("同じ人の先にある行が本務です", "A person's first line is the main post"),
        in_header=False,
    ),
)
"""people.csv."""

SECTIONS: Columns = (
    PEOPLE[0],
    FileColumn(
        "path",
        Label("所属", "Section"),
        Label(
            "変わる日の前日の名前。新しい所属なら空欄",
            "As called on the day before the change; empty for a new one",
        ),
    ),
    FileColumn(
        "since",
        Label("変わる日", "From"),
        Label("新しい名前の最初の日", "The first day of the new path"),
        "2027-04-01",
    ),
    FileColumn(
        "new_path",
        Label("新しい所属", "New path"),
        Label("新しい名前と場所", "What it is called, and where it stands, from then on"),
        "総務部/職員課",
    ),
    FileColumn("ends", Label("終わり", "Ends"), Label("所属の最後の日", "Its last day")),
)
"""sections.csv."""

TOWNS: Columns = (
    FileColumn("code", PEOPLE[0].label, PEOPLE[0].holds, PEOPLE[0].example),
    FileColumn(
        "name",
        Label("市町村名", "Name"),
        Label("コードに合う市町村名", "The name that belongs to the code"),
    ),
    FileColumn(
        "since",
        Label("広域圏に加わった日", "Since"),
        Label("空欄なら --since の日", "If empty, the day given with --since"),
    ),
)
"""towns.csv."""
